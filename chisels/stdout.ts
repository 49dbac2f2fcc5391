// Data that processes write to their standard output.
import { defineStream } from '../src/chisel/index.js'

export default defineStream({ description: 'Prints the data that processes write to their standard output.', num: 1 })
