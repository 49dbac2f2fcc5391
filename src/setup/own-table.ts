// Makes the module .build/js/src/trace/own-table.js: by what traces are recognized that contain the table of events of this ksys.
import { writeFileSync } from 'node:fs'
import { EVENTS } from '../schema/events/index.js'
import { packEvents } from '../trace/events-table.js'
import { hashOf } from '../trace/known-part.js'
import { pack } from '../trace/pack.js'

const packed = pack(packEvents(EVENTS))
const text = `export const OWN_TABLE = { bytes: ${packed.length}, hash: ${hashOf(packed)} }\n`
writeFileSync('.build/js/src/trace/own-table.js', `// made by src/setup/own-table.ts\n${text}`)
