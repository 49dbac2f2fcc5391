// evt.stack: where a call came from.
import { stackOf } from '../model/batch.js'
import { type FieldContext, field, type Getter, stateOf } from './field.js'

const folded = (ctx: FieldContext): Getter<string> => {
  return (e) => {
    const number = stackOf(e.batch, e.row)
    const text = number === undefined ? undefined : stateOf(ctx, e).stacks.text(number)
    return text === '' ? undefined : text
  }
}

export const fields = {
  'evt.stack': field({
    type: 'string',
    list: true,
    doc: 'Functions that the call came from, outermost first; of the kernel, where it slept, with _[k]. See --stacks.',
    cost: 16,
    needs: ['stacks'],
    make: (ctx) => {
      const text = folded(ctx)
      return (e) => text(e)?.split(';')
    },
  }),
  'evt.stack.folded': field({
    type: 'string',
    doc: 'evt.stack as one text with semicolons, as flame graphs are made of.',
    cost: 8,
    needs: ['stacks'],
    make: folded,
  }),
  'evt.stack.text': field({
    type: 'string',
    doc: 'evt.stack for people: the innermost function first, each before the one that called it.',
    cost: 16,
    needs: ['stacks'],
    make: (ctx) => {
      const text = folded(ctx)
      return (e) => text(e)?.split(';').reverse().join(' < ')
    },
  }),
}
