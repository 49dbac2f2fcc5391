#!/usr/bin/env node
// The ksys command.
import { main } from './cli/main.js'

await main(process.argv.slice(2))
