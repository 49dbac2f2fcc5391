// Connects to port 8080 of each name, with the address that a resolver gives: `libc`, `c-ares`, or the path of systemd-resolved's socket.
import { promises as dns } from 'node:dns'
import net from 'node:net'

const [resolver = '', ...names] = process.argv.slice(2)

/** Connects; fulfilled with what the server has sent once it has closed. */
function received(to, message) {
  return new Promise((done, fail) => {
    let text = ''
    const c = net.connect(to, () => message !== undefined && c.write(message))
    c.on('data', (bytes) => {
      text += bytes
    })
    c.on('error', fail).on('close', () => done(text))
  })
}

async function addressOf(name) {
  if (resolver === 'libc') return name
  if (resolver === 'c-ares') return (await dns.resolve4(name))[0]
  const request = { method: 'io.systemd.Resolve.ResolveHostname', parameters: { name, flags: 0 } }
  const reply = JSON.parse((await received({ path: resolver }, `${JSON.stringify(request)}\0`)).replace(/\0$/, ''))
  return reply.parameters.addresses[0].address.join('.')
}

for (const name of names) await received({ host: await addressOf(name), port: 8080 })
