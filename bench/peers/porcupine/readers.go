package main

import (
	"bufio"
	"fmt"
	"os"
	"regexp"
	"sort"
	"strconv"
	"strings"

	"github.com/anishathalye/porcupine"
)

var readers = map[string]func(file string) (history, error){
	"jepsen":   readJepsen,
	"kv":       readTexts,
	"register": readRegister,
}

// Joins calls and returns by process.
type recorder struct {
	events []porcupine.Event
	open   map[int]int
	calls  int
}

func newRecorder() *recorder { return &recorder{open: make(map[int]int)} }

func (r *recorder) call(process int, input interface{}) {
	r.events = append(r.events, porcupine.Event{
		ClientId: process, Kind: porcupine.CallEvent, Value: input, Id: r.calls,
	})
	r.open[process] = r.calls
	r.calls++
}

func (r *recorder) ret(process int, output interface{}) {
	r.events = append(r.events, porcupine.Event{
		ClientId: process, Kind: porcupine.ReturnEvent, Value: output, Id: r.open[process],
	})
	delete(r.open, process)
}

// What never returned returns at the very end, with an answer that fits every state.
func (r *recorder) finish(unknown interface{}) []porcupine.Event {
	processes := make([]int, 0, len(r.open))
	for process := range r.open {
		processes = append(processes, process)
	}
	sort.Ints(processes)
	for _, process := range processes {
		r.ret(process, unknown)
	}
	return r.events
}

func eachLine(file string, take func(line string) error) error {
	opened, err := os.Open(file)
	if err != nil {
		return err
	}
	defer opened.Close()
	scanner := bufio.NewScanner(opened)
	for number := 1; scanner.Scan(); number++ {
		if err := take(scanner.Text()); err != nil {
			return fmt.Errorf("%s: line %d: %w", file, number, err)
		}
	}
	return scanner.Err()
}

var jepsenLine = regexp.MustCompile(
	`^INFO\s+jepsen\.util\s+-\s+(\d+)\s+:(invoke|ok|fail|info)\s+:(read|write|cas)\s+(\S.*?)\s*$`)

// A failed read learned nothing, a failed cas saw another value; other lines are not operations.
func readJepsen(file string) (history, error) {
	record := newRecorder()
	err := eachLine(file, func(line string) error {
		fields := jepsenLine.FindStringSubmatch(line)
		if fields == nil || fields[2] == "info" {
			return nil
		}
		process, err := strconv.Atoi(fields[1])
		if err != nil {
			return err
		}
		numbers, err := integers(fields[4])
		switch {
		case fields[2] == "fail" && fields[3] == "read":
			record.ret(process, registerOutput{unknown: true})
		case err != nil:
			return err
		case fields[2] == "invoke":
			record.call(process, registerRequest(fields[3], numbers))
		case fields[3] == "read":
			record.ret(process, registerOutput{value: numbers[0]})
		default:
			record.ret(process, registerOutput{ok: fields[2] == "ok"})
		}
		return nil
	})
	return history{file, registerModel, record.finish(registerOutput{unknown: true})}, err
}

func registerRequest(f string, numbers []int) registerInput {
	switch f {
	case "write":
		return registerInput{kind: write, to: numbers[0]}
	case "cas":
		return registerInput{kind: cas, from: numbers[0], to: numbers[1]}
	}
	return registerInput{kind: read}
}

// "nil", "3" or "[3 4]".
func integers(text string) ([]int, error) {
	var numbers []int
	for _, word := range strings.Fields(strings.Trim(text, "[]")) {
		if word == "nil" {
			numbers = append(numbers, none)
			continue
		}
		number, err := strconv.Atoi(word)
		if err != nil {
			return nil, err
		}
		numbers = append(numbers, number)
	}
	return numbers, nil
}

var textLine = regexp.MustCompile(
	`^\{:process (\d+), :type :(invoke|ok), :f :(get|put|append), :key "(.*?)", :value (?:nil|"(.*)")\}$`)

var textKinds = map[string]kind{"get": read, "put": write, "append": appendText}

func readTexts(file string) (history, error) {
	record := newRecorder()
	err := eachLine(file, func(line string) error {
		fields := textLine.FindStringSubmatch(line)
		if fields == nil {
			return fmt.Errorf("not an operation: %s", line)
		}
		process, err := strconv.Atoi(fields[1])
		if err != nil {
			return err
		}
		if fields[2] == "invoke" {
			record.call(process, textInput{textKinds[fields[3]], fields[4], fields[5]})
		} else {
			record.ret(process, textOutput{value: fields[5]})
		}
		return nil
	})
	return history{file, textModel, record.finish(textOutput{unknown: true})}, err
}

// One event a line, as the bench writes them: "call ID read", "call ID write N", "return ID N|nil".
func readRegister(file string) (history, error) {
	record := newRecorder()
	err := eachLine(file, func(line string) error {
		words := strings.Fields(line)
		id, err := strconv.Atoi(words[1])
		if err != nil {
			return err
		}
		numbers, err := integers(words[len(words)-1])
		switch {
		case words[0] == "call" && words[2] == "read":
			record.call(id, registerInput{kind: read})
		case err != nil:
			return err
		case words[0] == "call":
			record.call(id, registerInput{kind: write, to: numbers[0]})
		default:
			record.ret(id, registerOutput{value: numbers[0]})
		}
		return nil
	})
	return history{file, registerModel, record.finish(registerOutput{unknown: true})}, err
}
