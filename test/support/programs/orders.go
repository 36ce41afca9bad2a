// A program that writes two profiles of itself: of the processor, and of the heap.
package main

import (
	"fmt"
	"os"
	"runtime"
	"runtime/pprof"
	"sort"
)

type größe struct{ letters [64]byte }

type order struct {
	price float64
	size  *größe
}

func discount(price, rate float64) float64 {
	if price > 100 {
		return price * (1 - rate)
	}
	return price
}

func cost(orders []order, rate float64) float64 {
	sum := 0.0
	for _, one := range orders {
		sum += discount(one.price, rate)
	}
	return sum
}

//go:noinline
func (g *größe) fill(n int) {
	g.letters[n%64] = byte(n)
}

func work(rounds int) float64 {
	orders := make([]order, 1000)
	total := 0.0
	for i := 0; i < rounds; i++ {
		for j := range orders {
			orders[j].price = float64((i*7919 + j*104729) % 997)
			if j%100 == 0 {
				orders[j].size = &größe{}
			}
			orders[j/100*100].size.fill(i)
		}
		sort.Slice(orders, func(a, b int) bool { return orders[a].price < orders[b].price })
		for j := range orders {
			if orders[j].size == nil {
				orders[j].size = &größe{}
			}
		}
		total += cost(orders, 0.1)
	}
	return total
}

func write(name string, write func(*os.File)) {
	file, err := os.Create(name)
	if err != nil {
		panic(err)
	}
	write(file)
	file.Close()
}

func main() {
	// Every allocation, so that no run lacks one of the functions.
	runtime.MemProfileRate = 1
	write(os.Args[1], func(file *os.File) {
		pprof.StartCPUProfile(file)
		fmt.Println(work(1500))
		pprof.StopCPUProfile()
	})
	// A heap profile is as of the last collection.
	runtime.GC()
	write(os.Args[2], func(file *os.File) { pprof.WriteHeapProfile(file) })
}
