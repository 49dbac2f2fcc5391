// A gRPC socket whose runtime responds, and times out while it lists its containers.
import { createServer, type Server } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { GrpcSocket } from '../../../src/container/socket.js'
import { scratch } from '../../helpers/trace.js'

const at = scratch()
/** Status codes of gRPC. */
const CANCELLED = 1
const DEADLINE = 4

let server: Server

beforeEach(async () => {
  server = createServer().listen(at('runtime.sock'))
  await new Promise((done) => server.once('listening', done))
})

afterEach(() => new Promise((done) => server.close(done)))

test('a runtime that is late while it lists counts as uncertain until it responds, and as failed once', async () => {
  const complaints: string[] = []
  let greetings = 0
  let began = () => {}
  let fail = (_: unknown) => {}
  const listing = new Promise<void>((done) => {
    began = done
  })
  const socket = new GrpcSocket(
    at('runtime.sock'),
    {
      greet: async () => {
        if (++greetings > 1) throw { code: DEADLINE, details: 'Deadline exceeded' }
      },
      connected: () => {
        began()
        return new Promise((_, failed) => {
          fail = failed
        })
      },
    },
    (sentence) => complaints.push(sentence),
  )
  socket.start()
  await listing
  // meanwhile a look-up gets no response, nor does the first request
  await socket.doubt({ code: DEADLINE })
  await socket.ready
  expect(socket.connecting).toBe(true)
  fail({ code: CANCELLED, details: 'Channel has been shut down' })
  await new Promise((done) => setImmediate(done))
  expect(socket.connecting).toBe(true)
  expect(complaints).toEqual([`${at('runtime.sock')} did not return its containers: no answer in time`])
  socket.close()
})

test('its user is told of each connection and of its loss: containers may begin in between', async () => {
  const told: boolean[] = []
  let listed = () => {}
  const listing = new Promise<void>((done) => {
    listed = done
  })
  const socket: GrpcSocket = new GrpcSocket(
    at('runtime.sock'),
    { greet: async () => {}, connected: async () => listed(), reach: () => told.push(socket.grpc !== undefined) },
    () => {},
  )
  socket.start()
  await listing
  expect(told).toEqual([true])
  socket.lost()
  expect(told).toEqual([true, false])
  socket.close()
})
