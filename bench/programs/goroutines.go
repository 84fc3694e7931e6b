// An echo node in Go: every request in a goroutine of its own, which works for a while and answers.
package main

import (
	"bufio"
	"encoding/json"
	"os"
	"sync"
)

type message struct {
	Src  string         `json:"src"`
	Dest string         `json:"dest"`
	Body map[string]any `json:"body"`
}

var output sync.Mutex

func answer(request message) {
	id := request.Body["msg_id"].(float64)
	sum := 0
	for i := 0; i < int(id)*7919%100_000; i++ {
		sum += i * i
	}
	request.Body["sum"] = sum
	request.Body["type"] = request.Body["type"].(string) + "_ok"
	request.Body["in_reply_to"] = id
	delete(request.Body, "msg_id")
	line, _ := json.Marshal(message{request.Dest, request.Src, request.Body})
	output.Lock()
	defer output.Unlock()
	os.Stdout.Write(append(line, '\n'))
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		var request message
		if json.Unmarshal(lines.Bytes(), &request) == nil {
			go answer(request)
		}
	}
}
