// Inputs of the user, independent of the terminal.

/** Names of keys that are not characters. */
export type NamedKey =
  | 'up'
  | 'down'
  | 'left'
  | 'right'
  | 'pageup'
  | 'pagedown'
  | 'home'
  | 'end'
  | 'insert'
  | 'delete'
  | 'backspace'
  | 'enter'
  | 'tab'
  | 'escape'
  | `f${number}`

export interface Key {
  readonly type: 'key'
  /** a named key, or 'char' with the character itself in `char` */
  readonly name: NamedKey | 'char'
  /** the character, as typed (shift is already in it); '' for named keys */
  readonly char: string
  readonly ctrl: boolean
  readonly alt: boolean
  readonly shift: boolean
}

export interface Mouse {
  readonly type: 'mouse'
  readonly action: 'press' | 'release' | 'drag' | 'move' | 'wheelup' | 'wheeldown'
  /** 0 left, 1 middle, 2 right; 3 none */
  readonly button: number
  /** cell, from 0 at the top left */
  readonly x: number
  readonly y: number
}

/** Text that was pasted in one piece. */
interface Paste {
  readonly type: 'paste'
  readonly text: string
}

export type Input = Key | Mouse | Paste

/** Modifier bits as terminals send them, one less than the number in the sequence. */
export const SHIFT = 1
export const ALT = 2
export const CTRL = 4

export function named(name: NamedKey, mods = 0): Key {
  return {
    type: 'key',
    name,
    char: '',
    ctrl: (mods & CTRL) !== 0,
    alt: (mods & ALT) !== 0,
    shift: (mods & SHIFT) !== 0,
  }
}

export function char(c: string, mods = 0): Key {
  return { type: 'key', name: 'char', char: c, ctrl: (mods & CTRL) !== 0, alt: (mods & ALT) !== 0, shift: false }
}

/** The key as key maps name it: `ctrl+f`, `shift+f12`, `pagedown`, `space`, `G`. */
export function keyId(k: Key): string {
  const base = k.name === 'char' ? (k.char === ' ' ? 'space' : k.char) : k.name
  return `${k.ctrl ? 'ctrl+' : ''}${k.alt ? 'alt+' : ''}${k.shift ? 'shift+' : ''}${base}`
}
