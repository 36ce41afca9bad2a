// The pprof that comes with Go, but for how it looks into binaries: with objdump, nm and
// addr2line, as that of google/pprof does, and not with Go's own disassembler.
package main

import (
	"fmt"
	"os"

	"github.com/google/pprof/driver"
)

func main() {
	if err := driver.PProf(&driver.Options{}); err != nil {
		fmt.Fprintf(os.Stderr, "pprof: %v\n", err)
		os.Exit(2)
	}
}
