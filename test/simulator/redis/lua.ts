/** Runs the product's Redis scripts, as they are. The one file that knows the Lua machine. */
import fengari from 'fengari';
import type { Reply } from '../cluster.ts';

const { lua, lauxlib, lualib, to_luastring: text } = fengari;

type State = ReturnType<typeof lauxlib.luaL_newstate>;
export type Call = (name: string, args: readonly Buffer[]) => Reply;

/** Redis is Lua 5.1; what its scripts use of that, and of Redis' own `struct`, this machine has under other names. */
const prelude = 'struct = { pack = string.pack, unpack = string.unpack } unpack = table.unpack';

/** One machine for all runs: compiling takes longer than running, and scripts leave nothing behind. */
export class Lua {
  readonly #state: State;
  readonly #compiled = new Map<string, number>();
  #call: Call = () => null;

  constructor() {
    const state = lauxlib.luaL_newstate();
    this.#state = state;
    lualib.luaL_openlibs(state);
    lua.lua_createtable(state, 0, 1);
    lua.lua_pushjsfunction(state, (each) => this.#called(each));
    lua.lua_setfield(state, -2, text('call'));
    lua.lua_setglobal(state, text('redis'));
    this.#push(this.#compile(prelude));
    this.#run();
  }

  /** @param call what `redis.call` does while it runs */
  run(script: string, keys: readonly string[], args: readonly Buffer[], call: Call): Reply {
    this.#call = call;
    const compiled = this.#compiled.get(script) ?? this.#compile(script.replace(/^#!.*/, ''));
    this.#compiled.set(script, compiled);
    this.#give(
      'KEYS',
      keys.map((key) => Buffer.from(key)),
    );
    this.#give('ARGV', args);
    this.#push(compiled);
    this.#run();
    const reply = this.#take(-1);
    lua.lua_pop(this.#state, 1);
    return reply;
  }

  #compile(script: string): number {
    const bytes = text(script);
    const failed = lauxlib.luaL_loadbuffer(this.#state, bytes, bytes.length, text('script'));
    if (failed !== lua.LUA_OK) throw new Error(this.#fault());
    return lauxlib.luaL_ref(this.#state, lua.LUA_REGISTRYINDEX);
  }

  #push(compiled: number): void {
    lua.lua_rawgeti(this.#state, lua.LUA_REGISTRYINDEX, compiled);
  }

  #run(): void {
    if (lua.lua_pcall(this.#state, 0, 1, 0) !== lua.LUA_OK) throw new Error(this.#fault());
  }

  #fault(): string {
    const why = Buffer.from(lua.lua_tostring(this.#state, -1)).toString();
    lua.lua_pop(this.#state, 1);
    return why;
  }

  #give(name: string, values: readonly Buffer[]): void {
    this.#pushReply([...values]);
    lua.lua_setglobal(this.#state, text(name));
  }

  #called(state: State): number {
    const args: Buffer[] = [];
    for (let at = 1; at <= lua.lua_gettop(state); at += 1)
      args.push(Buffer.from(lua.lua_tostring(state, at)));
    const [name = Buffer.alloc(0), ...rest] = args;
    this.#pushReply(this.#call(name.toString().toUpperCase(), rest));
    return 1;
  }

  #pushReply(reply: Reply): void {
    const state = this.#state;
    if (reply === null) lua.lua_pushboolean(state, false);
    else if (typeof reply === 'number') lua.lua_pushinteger(state, reply);
    else if (Buffer.isBuffer(reply)) lua.lua_pushlstring(state, Uint8Array.from(reply), reply.length);
    else {
      lua.lua_createtable(state, reply.length, 0);
      for (const [index, each] of reply.entries()) {
        this.#pushReply(each);
        lua.lua_rawseti(state, -2, index + 1);
      }
    }
  }

  /** What Redis makes of a script's result: a list ends at its first nil, numbers are whole. */
  #take(at: number): Reply {
    const state = this.#state;
    switch (lua.lua_type(state, at)) {
      case lua.LUA_TNUMBER:
        return Math.trunc(lua.lua_tonumber(state, at));
      case lua.LUA_TSTRING:
        return Buffer.from(lua.lua_tostring(state, at));
      case lua.LUA_TBOOLEAN:
        return lua.lua_toboolean(state, at) ? 1 : null;
      case lua.LUA_TTABLE: {
        const list: Reply[] = [];
        for (let index = 1; lua.lua_rawgeti(state, at, index) !== lua.LUA_TNIL; index += 1) {
          list.push(this.#take(-1));
          lua.lua_pop(state, 1);
        }
        lua.lua_pop(state, 1);
        return list;
      }
      default:
        return null;
    }
  }
}
