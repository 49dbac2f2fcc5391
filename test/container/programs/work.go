// A load for a profile: goroutines, timers, files and a connection of its own. With "more" it also makes a link and a Unix socket.
package main

import (
	"fmt"
	"io"
	"net"
	"os"
	"sync"
	"time"
)

func exchange(network, address string) {
	server, err := net.Listen(network, address)
	if err != nil {
		fmt.Println("listen:", err)
		return
	}
	defer server.Close()
	go func() {
		conn, err := server.Accept()
		if err == nil {
			io.WriteString(conn, "hello")
			conn.Close()
		}
	}()
	conn, err := net.Dial(network, server.Addr().String())
	if err != nil {
		fmt.Println("dial:", err)
		return
	}
	text, err := io.ReadAll(conn)
	fmt.Println(network, string(text), err)
}

func main() {
	var all sync.WaitGroup
	for i := 0; i < 20; i++ {
		all.Add(1)
		go func() {
			defer all.Done()
			time.Sleep(time.Millisecond)
			sum := 0
			for n := 0; n < 20_000_000; n++ {
				sum += n
			}
			_ = sum
		}()
	}
	all.Wait()
	fmt.Println(os.WriteFile("/tmp/x", []byte("x"), 0o644), os.Rename("/tmp/x", "/tmp/y"))
	found, err := os.ReadDir("/www")
	fmt.Println(len(found), err)
	exchange("tcp", "127.0.0.1:0")
	if len(os.Args) > 1 && os.Args[1] == "more" {
		fmt.Println(os.Symlink("/tmp/y", "/tmp/z"))
		exchange("unix", "/tmp/socket")
	}
}
