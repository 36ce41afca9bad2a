module tsprof.example/mill

go 1.19
