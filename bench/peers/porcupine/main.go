// Porcupine on files, for side-by-side measurements:
//
//	porcupine [-limit 60] [-passes 1] jepsen|kv|register FILE…
//
// Every file is read first; then all are checked in turn, `passes` times. One JSON object a line:
// file, pass, verdict (Ok, Illegal, Unknown), seconds of the check alone, and the peak memory of the
// process so far in megabytes.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"syscall"
	"time"

	"github.com/anishathalye/porcupine"
)

type history struct {
	file   string
	model  porcupine.Model
	events []porcupine.Event
}

type outcome struct {
	File      string  `json:"file"`
	Pass      int     `json:"pass"`
	Verdict   string  `json:"verdict"`
	Seconds   float64 `json:"seconds"`
	Megabytes float64 `json:"megabytes"`
}

func main() {
	limit := flag.Float64("limit", 60, "seconds for one check")
	passes := flag.Int("passes", 1, "how often every file is checked")
	flag.Parse()
	if flag.NArg() < 2 {
		fail(fmt.Errorf("give a format (jepsen, kv, register) and files"))
	}
	read, known := readers[flag.Arg(0)]
	if !known {
		fail(fmt.Errorf("no format %q: there are jepsen, kv and register", flag.Arg(0)))
	}
	var histories []history
	for _, file := range flag.Args()[1:] {
		one, err := read(file)
		if err != nil {
			fail(err)
		}
		histories = append(histories, one)
	}
	timeout := time.Duration(*limit * float64(time.Second))
	encoder := json.NewEncoder(os.Stdout)
	for pass := 0; pass < *passes; pass++ {
		for _, one := range histories {
			started := time.Now()
			verdict := porcupine.CheckEventsTimeout(one.model, one.events, timeout)
			seconds := time.Since(started).Seconds()
			encoder.Encode(outcome{one.file, pass, string(verdict), seconds, peakMegabytes()})
		}
	}
}

func peakMegabytes() float64 {
	var usage syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &usage) != nil {
		return 0
	}
	return float64(usage.Maxrss) / 1024
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(2)
}
