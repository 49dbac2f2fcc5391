// HTTP of many kinds between two processes over loopback: this one is the client, a child the server.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { Agent, createServer, request } from 'node:http'
import { connect } from 'node:net'
import { gzipSync } from 'node:zlib'

if (process.argv[2] === 'server') serve()
else await converse()

function serve() {
  const server = createServer((req, res) => {
    let size = 0
    req.on('data', (d) => {
      size += d.length
    })
    req.on('end', () => answer(req, res, size))
  })
  server.listen(0, '127.0.0.1', () => process.send(server.address().port))
  process.on('message', () => {
    server.closeAllConnections()
    server.close()
    process.disconnect()
  })
}

function answer(req, res, size) {
  const path = req.url.split('?')[0]
  if (path === '/chunked') {
    res.write('first piece\n')
    setImmediate(() => res.end('second piece\n'))
  } else if (path === '/large') res.end('L'.repeat(300_000))
  else if (path === '/upload') res.end(`got ${size}`)
  else if (path === '/packed') {
    res.setHeader('Content-Encoding', 'gzip')
    res.end(gzipSync('unpacked text'))
  } else if (path === '/missing') {
    res.statusCode = 404
    res.end('no such thing')
  } else if (path === '/nothing') {
    res.statusCode = 204
    res.end()
  } else {
    const text = `you asked for ${req.url}`
    res.setHeader('Content-Length', text.length)
    res.end(text)
  }
}

async function converse() {
  const server = fork(new URL(import.meta.url).pathname, ['server'])
  const [port] = await once(server, 'message')
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const ask = (method, path, body, headers = {}) =>
    new Promise((done, fail) => {
      const r = request({ host: '127.0.0.1', port, method, path, agent, headers }, (res) => {
        res.on('data', () => {})
        res.on('end', done)
      })
      r.on('error', fail)
      if (headers.Expect) r.on('continue', () => r.end(body))
      else r.end(body)
    })
  await ask('GET', '/plain?a=1')
  await ask('GET', '/chunked')
  await ask('HEAD', '/plain')
  await ask('GET', '/large')
  await ask('POST', '/upload', 'u'.repeat(200_000))
  await ask('PUT', '/upload', 'waited', { Expect: '100-continue', 'Content-Length': 6 })
  await ask('GET', '/packed')
  await ask('GET', '/missing')
  await ask('GET', '/nothing')
  agent.destroy()
  await pipelined(port)
  server.send('end')
  await once(server, 'exit')
}

/** Three requests in one write, cut in the middle of the third. */
async function pipelined(port) {
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  const ask = (n) => `GET /pipelined/${n} HTTP/1.1\r\nHost: raw\r\n\r\n`
  const third = ask(3)
  socket.write(ask(1) + ask(2) + third.slice(0, 20))
  let text = ''
  socket.on('data', (d) => {
    text += d
  })
  while (!text.includes('/pipelined/2')) await once(socket, 'data')
  socket.write(third.slice(20))
  while (!text.includes('/pipelined/3')) await once(socket, 'data')
  socket.destroy()
}
