// One process for many commands of ksys, so that each need not start and warm up again: a command's words come as a JSON
// array per line of standard input, and what it prints ends with NUL.
import { createInterface } from 'node:readline'
import { pathToFileURL } from 'node:url'

const { main } = await import(pathToFileURL(process.argv[2]).href)
for await (const line of createInterface({ input: process.stdin })) {
  await main(JSON.parse(line))
  // where the pipe is full it is only queued, and what the next one prints would come before it
  await new Promise((done) => process.stdout.write('\0', done))
}
