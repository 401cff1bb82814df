import { isTruthy } from '../runtime/compare.ts';
import { fail } from '../runtime/failure.ts';
import { itemsOf } from '../runtime/iterate.ts';
import type { List, LoopState, Val } from '../runtime/value.ts';
import type { Body, For, Target } from '../syntax/ast.ts';
import { concat } from './concat.ts';
import { build } from './expression.ts';
import { type Exec, type Frame, inner, located, type Scope } from './frame.ts';

export type BuildBody = (body: Body, scope: Scope) => Exec;
type Assign = (target: Target, value: Val, frame: Frame) => void;

export function buildFor(node: For, scope: Scope, buildBody: BuildBody, assign: Assign): Exec {
  const items = build(node.items, scope);
  const condition = node.condition && build(node.condition, scope);
  const body = buildBody(node.body, scope);
  const otherwise = buildBody(node.otherwise, scope);
  const at = scope.at(node.items);
  const targetAt = scope.at(node.target);

  return (frame, out) => rounds(listOf(items(frame), frame), frame, out, 0);

  function listOf(value: Val, frame: Frame): List {
    try {
      return itemsOf(value, frame.rt);
    } catch (error) {
      throw located(error, at);
    }
  }

  function bound(value: Val, frame: Frame): Frame {
    const round = inner(frame);
    if (node.target.kind === 'name') round.vars.set(node.target.name, value);
    else {
      try {
        assign(node.target, value, round);
      } catch (error) {
        throw located(error, targetAt);
      }
    }
    return round;
  }

  function rounds(all: List, frame: Frame, out: Val[], depth: number): void {
    const kept = condition === undefined ? all : all.filter((one) => isTruthy(condition(bound(one, frame))));
    if (kept.length === 0) return otherwise(inner(frame), out);
    const loop: LoopState = {
      kind: 'loop',
      items: kept,
      depth,
      index: 0,
      changed: undefined,
      recurse: node.recursive ? (value) => again(value, frame, depth + 1) : undefined,
    };
    for (let value = kept[0]; value !== undefined; value = kept[loop.index]) {
      frame.rt.spend(1);
      const round = bound(value, frame);
      round.vars.set('loop', loop);
      body(round, out);
      loop.index++;
    }
  }

  function again(value: Val, frame: Frame, depth: number): Val {
    if (depth > 100) return fail('fuel', 'The loop recurses more than 100 levels deep');
    const out: Val[] = [];
    rounds(listOf(value, frame), frame, out, depth);
    return concat(out);
  }
}
