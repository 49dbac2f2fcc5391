// Servers for lookups, in a network namespace of their own: DNS over UDP and TCP, systemd-resolved's socket, and a server on port 8080
// of every address. Each name has an address of its own; the first label says how it is answered: alias- through aliases, tcp- over TCP
// only, in pieces, six- IPv6 only. Then runs the command of the arguments, and ends with it.
import { spawn } from 'node:child_process'
import dgram from 'node:dgram'
import { rmSync } from 'node:fs'
import net from 'node:net'
import packet from 'dns-packet'

const [socket = '', program = '', ...args] = process.argv.slice(2)
const numbers = new Map()

function number(name) {
  if (!numbers.has(name)) numbers.set(name, numbers.size + 1)
  return numbers.get(name)
}

const ipv4 = (name) => `127.7.${number(name) >> 8}.${number(name) & 255}`

function records(name, type) {
  const alias = name.startsWith('alias-')
  const chain = [name, `edge.${name}`, `front.edge.${name}`]
  const last = alias ? chain[2] : name
  const aliases = alias
    ? chain.slice(0, 2).map((from, i) => ({ type: 'CNAME', name: from, ttl: 5, data: chain[i + 1] }))
    : []
  const six = name.startsWith('six-')
  if (type === 'AAAA' && six) return [{ type, name, ttl: 5, data: '::1' }]
  if (type !== 'A' || six) return aliases
  return [...aliases, { type, name: last, ttl: 5, data: ipv4(name) }]
}

function answer(message, udp) {
  const { id, questions } = packet.decode(message)
  const [{ name, type }] = questions
  const truncated = udp && name.startsWith('tcp-')
  const flags = packet.RECURSION_AVAILABLE | (truncated ? packet.TRUNCATED_RESPONSE : 0)
  const answers = truncated ? [] : records(name.toLowerCase(), type)
  return packet.encode({ type: 'response', id, flags, questions, answers })
}

const udp = dgram.createSocket('udp4')
udp.on('message', (m, from) => udp.send(answer(m, true), from.port, from.address))

const tcp = net.createServer({ noDelay: true }, (c) => {
  let pending = Buffer.alloc(0)
  c.on('error', () => c.destroy())
  c.on('data', (bytes) => {
    pending = Buffer.concat([pending, bytes])
    while (pending.length >= 2 && pending.length >= 2 + pending.readUInt16BE(0)) {
      const end = 2 + pending.readUInt16BE(0)
      const reply = answer(pending.subarray(2, end), false)
      pending = pending.subarray(end)
      for (const part of [Buffer.of(reply.length >> 8, reply.length & 255), reply.subarray(0, 20), reply.subarray(20)])
        c.write(part)
    }
  })
})

const resolved = net.createServer((c) => {
  c.on('error', () => c.destroy())
  c.on('data', (bytes) => {
    const { name } = JSON.parse(bytes.subarray(0, -1).toString()).parameters
    const address = ipv4(name).split('.').map(Number)
    c.end(`${JSON.stringify({ parameters: { addresses: [{ ifindex: 1, family: 2, address }], name, flags: 1 } })}\0`)
  })
})

const server = net.createServer((c) => c.on('error', () => c.destroy()).end('hello\n'))

rmSync(socket, { force: true })
await Promise.all([
  new Promise((done) => udp.bind(53, '127.0.0.1', done)),
  new Promise((done) => tcp.listen(53, '127.0.0.1', done)),
  new Promise((done) => resolved.listen(socket, done)),
  new Promise((done) => server.listen(8080, '::', done)),
])
spawn(program, args, { stdio: 'inherit' }).on('exit', (code) => process.exit(code ?? 1))
