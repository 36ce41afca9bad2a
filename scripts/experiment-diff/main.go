// Mill does a known amount of work in eight functions, and writes a CPU profile of it. With
// -slow, one of them does so much more of the same work, and nothing else changes: what a
// comparison of profiles is to find, or, without it, is not to make up.
package main

import (
	"flag"
	"fmt"
	"os"
	"runtime"
	"runtime/pprof"
)

//go:noinline
func lex(x uint64, n int) uint64 {
	for i := 0; i < n; i++ {
		x ^= x << 13
		x ^= x >> 7
		x ^= x << 17
	}
	return x
}

//go:noinline
func parse(x uint64, n int) uint64 {
	for i := 0; i < n; i++ {
		x = x*6364136223846793005 + 1442695040888963407
		x ^= x >> 29
	}
	return lex(x, n/3)
}

//go:noinline
func check(x uint64, n int) uint64 {
	for i := 0; i < n; i++ {
		x += x<<5 | x>>59
		x ^= 0x9e3779b97f4a7c15
	}
	return x
}

//go:noinline
func plan(x uint64, n int) uint64 {
	for i := 0; i < n; i++ {
		x ^= x << 13
		x ^= x >> 7
		x ^= x << 17
	}
	return check(x, n/3)
}

//go:noinline
func fetch(x uint64, n int) uint64 {
	for i := 0; i < n; i++ {
		x = x*6364136223846793005 + 1442695040888963407
		x ^= x >> 29
	}
	return x
}

//go:noinline
func join(x uint64, n int) uint64 {
	for i := 0; i < n; i++ {
		x += x<<5 | x>>59
		x ^= 0x9e3779b97f4a7c15
	}
	return fetch(x, n/2)
}

//go:noinline
func order(x uint64, n int) uint64 {
	for i := 0; i < n; i++ {
		x ^= x << 13
		x ^= x >> 7
		x ^= x << 17
	}
	return x
}

//go:noinline
func encode(x uint64, n int) uint64 {
	for i := 0; i < n; i++ {
		x = x*6364136223846793005 + 1442695040888963407
		x ^= x >> 29
	}
	return x
}

// query is one round; order is what -slow makes slower.
//
//go:noinline
func query(x uint64, unit int, slow float64) uint64 {
	x = parse(x, unit*9)
	x = plan(x, unit*8)
	x = join(x, unit*12)
	x = order(x, int(float64(unit*32)*slow))
	return encode(x, unit*7)
}

func main() {
	out := flag.String("o", "cpu.pb.gz", "where the profile goes")
	rounds := flag.Int("rounds", 120000, "how much work is done")
	rate := flag.Int("rate", 250, "samples a second")
	slow := flag.Float64("slow", 1, "how much more work order does")
	flag.Parse()
	runtime.GOMAXPROCS(1)
	file, err := os.Create(*out)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	// StartCPUProfile asks for 100 a second, and complains of another rate, but leaves it.
	runtime.SetCPUProfileRate(*rate)
	if err := pprof.StartCPUProfile(file); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	x := uint64(88172645463325252)
	for i := 0; i < *rounds; i++ {
		x = query(x, 100, *slow)
	}
	pprof.StopCPUProfile()
	file.Close()
	if x == 0 {
		fmt.Println("never")
	}
}
