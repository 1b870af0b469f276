/** The part of fengari (Lua 5.3 in JavaScript) that the simulated Redis uses. */
declare module 'fengari' {
  type State = object;
  type Text = Uint8Array;
  interface Lua {
    readonly LUA_MULTRET: number;
    readonly LUA_OK: number;
    readonly LUA_REGISTRYINDEX: number;
    readonly LUA_TNIL: number;
    readonly LUA_TBOOLEAN: number;
    readonly LUA_TNUMBER: number;
    readonly LUA_TSTRING: number;
    readonly LUA_TTABLE: number;
    lua_createtable(state: State, list: number, fields: number): void;
    lua_gettop(state: State): number;
    lua_pcall(state: State, args: number, results: number, handler: number): number;
    lua_pop(state: State, count: number): void;
    lua_pushboolean(state: State, value: boolean): void;
    lua_pushinteger(state: State, value: number): void;
    lua_pushjsfunction(state: State, run: (state: State) => number): void;
    lua_pushlstring(state: State, text: Text, length: number): void;
    lua_pushnil(state: State): void;
    lua_rawgeti(state: State, at: number, index: number): number;
    lua_rawseti(state: State, at: number, index: number): void;
    lua_setfield(state: State, at: number, name: Text): void;
    lua_setglobal(state: State, name: Text): void;
    lua_toboolean(state: State, at: number): boolean;
    lua_tonumber(state: State, at: number): number;
    lua_tostring(state: State, at: number): Text;
    lua_type(state: State, at: number): number;
  }
  interface Auxiliary {
    luaL_loadbuffer(state: State, text: Text, length: number, name: Text): number;
    luaL_newstate(): State;
    luaL_ref(state: State, table: number): number;
  }
  const fengari: {
    readonly lua: Lua;
    readonly lauxlib: Auxiliary;
    readonly lualib: { luaL_openlibs(state: State): void };
    to_luastring(text: string): Text;
  };
  export default fengari;
}
