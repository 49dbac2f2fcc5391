// Data that processes read from their standard input.
import { defineStream } from '../src/chisel/index.js'

export default defineStream({ description: 'Prints the data that processes read from their standard input.', num: 0 })
