// What chisels are made with: the only module that a file of chisels imports.

export type { Event } from '../model/event.js'
export type { Fd } from '../model/fd.js'
export type { Thread } from '../model/thread.js'
export type { TableDef } from '../table/types.js'
export type { ChiselContext, Color, Painted } from './context.js'
export { type Chisel, type ChiselDef, defineChisel, type Hooks, type Values } from './define.js'
