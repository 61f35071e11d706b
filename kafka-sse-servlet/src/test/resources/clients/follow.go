// Follows the stream of the first argument and posts its events to the page of the second, one by one.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log"
	"net/http"
	"os"

	"github.com/donovanhide/eventsource"
)

func follow(url string, show func(name, data string)) error {
	stream, err := eventsource.Subscribe(url, "")
	if err != nil {
		return err
	}
	for {
		select {
		case event := <-stream.Events:
			isEmpty := event.Event() == "" && event.Data() == "" // a retry or a keep-alive
			if !isEmpty && event.Event() != "stream-position" {
				show(event.Event(), event.Data())
			}
		case <-stream.Errors: // it waits until each has been read, and comes back then
		}
	}
}

func main() {
	posted := 0
	log.Fatal(follow(os.Args[1], func(name, data string) {
		body, err := json.Marshal([][]string{{name, data}})
		if err != nil {
			log.Fatal(err)
		}
		url := fmt.Sprintf("%s/got?from=%d", os.Args[2], posted)
		response, err := http.Post(url, "application/json", bytes.NewReader(body))
		if err != nil {
			log.Fatal(err)
		}
		response.Body.Close()
		posted++
	}))
}
