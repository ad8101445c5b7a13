using System.Globalization;

namespace GpuNets.Tests.Ptx;

/// <summary>Makes instructions ready to run. One that is not known throws when it is run, not before.</summary>
internal sealed unsafe class PtxSteps(PtxProgram program)
{
    private delegate ulong Value(PtxLaunch launch, PtxThread thread);

    public PtxStep[] All() => [.. program.Instructions.Select(Guarded), (_, thread) => thread.Wait = PtxWait.Exited];

    private PtxStep Guarded(PtxInstruction instruction)
    {
        var step = Make(instruction);
        if (instruction.Guard is null) return step;
        int guard = program.Register(instruction.Guard);
        ulong runs = instruction.GuardFalse ? 0u : 1u;
        return (launch, thread) =>
        {
            if (thread.Registers[guard] == runs) step(launch, thread);
        };
    }

    private PtxStep Make(PtxInstruction instruction)
    {
        string[] parts = instruction.Name.Split('.'), o = instruction.Operands;
        string type = parts[^1];
        switch (parts[0])
        {
            case "bra":
                int target = program.Label(o[0]);
                return (_, thread) => thread.Next = target;
            case "ret" or "exit":
                return (_, thread) => thread.Wait = PtxWait.Exited;
            case "bar" or "barrier":
                var wait = parts[1] == "warp" ? PtxWait.Warp : PtxWait.Group;
                return (_, thread) => thread.Wait = wait;
            case "membar" or "fence":
                return (_, _) => { };
            case "ld" or "st" or "ldu":
                return Memory(parts, o);
            case "atom" or "red":
                return Atomic(parts, o);
            case "shfl":
                return Shuffle(parts, o);
            case "setp":
                return Compare(o, Comparison(parts[1], type));
            case "cvta":
                return Set(o[0], Read(o[1]));
        }
        if (o.Length < 2 || Function(parts, type) is not { } function) return (_, _) => throw new NotSupportedException($"PTX: no '{instruction}' on this machine.");
        Value[] inputs = [.. o[1..].Select(Read)];
        int to = program.Register(o[0]);
        return inputs.Length switch
        {
            1 => (launch, thread) => thread.Registers[to] = function(inputs[0](launch, thread), 0, 0),
            2 => (launch, thread) => thread.Registers[to] = function(inputs[0](launch, thread), inputs[1](launch, thread), 0),
            _ => (launch, thread) => thread.Registers[to] = function(inputs[0](launch, thread), inputs[1](launch, thread), inputs[2](launch, thread)),
        };
    }

    private PtxStep Compare(string[] o, Func<ulong, ulong, bool> compare)
    {
        int to = program.Register(o[0]);
        var (a, b) = (Read(o[1]), Read(o[2]));
        return (launch, thread) => thread.Registers[to] = compare(a(launch, thread), b(launch, thread)) ? 1u : 0u;
    }

    private PtxStep Set(string name, Value value)
    {
        int to = program.Register(name);
        return (launch, thread) => thread.Registers[to] = value(launch, thread);
    }

    /// <summary>A register, a number, a name or a special register.</summary>
    private Value Read(string operand)
    {
        switch (operand)
        {
            case "%tid.x": return (_, thread) => (uint)thread.Index;
            case "%ntid.x": return (launch, _) => (uint)launch.Size;
            case "%ctaid.x": return (_, thread) => (uint)thread.Group.X;
            case "%ctaid.y": return (_, thread) => (uint)thread.Group.Y;
            case "%ctaid.z": return (_, thread) => (uint)thread.Group.Z;
            case "%nctaid.x": return (launch, _) => (uint)launch.Groups.X;
            case "%nctaid.y": return (launch, _) => (uint)launch.Groups.Y;
            case "%nctaid.z": return (launch, _) => (uint)launch.Groups.Z;
            case "%laneid": return (_, thread) => (uint)thread.Index % 32;
            case "%tid.y" or "%tid.z": return (_, _) => 0;
            case "%ntid.y" or "%ntid.z": return (_, _) => 1;
            case "WARP_SZ": return (_, _) => 32;
        }
        if (operand[0] == '%')
        {
            int register = program.Register(operand);
            return (_, thread) => thread.Registers[register];
        }
        if (operand.StartsWith("0f", StringComparison.Ordinal) || operand.StartsWith("0F", StringComparison.Ordinal))
        {
            ulong bits = uint.Parse(operand[2..], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            return (_, _) => bits;
        }
        if (program.TryShared(operand, out int shared)) return (_, thread) => (ulong)(thread.Shared + shared);
        if (operand == program.DynamicShared) return (_, thread) => (ulong)(thread.Shared + ((program.SharedBytes + 15) & ~15));
        if (program.TryLocal(operand, out int local)) return (_, thread) => (ulong)(thread.Local + local);
        if (program.TryParameter(operand, out int parameter)) return (launch, _) => (ulong)(launch.Parameters + parameter);
        ulong number = operand.StartsWith("0x", StringComparison.Ordinal)
            ? ulong.Parse(operand[2..], NumberStyles.HexNumber, CultureInfo.InvariantCulture)
            : (ulong)long.Parse(operand, CultureInfo.InvariantCulture);
        return (_, _) => number;
    }

    private PtxStep Memory(string[] parts, string[] o)
    {
        bool load = parts[0] != "st";
        string type = parts[^1], place = o[load ? 1 : 0], values = o[load ? 0 : 1];
        int size = int.Parse(type[1..], CultureInfo.InvariantCulture) / 8;
        bool signed = type[0] == 's';
        string[] ends = place.Trim('[', ']').Split('+');
        var start = Read(ends[0].Trim());
        long offset = ends.Length > 1 ? long.Parse(ends[1], CultureInfo.InvariantCulture) : 0;
        string[] names = values[0] == '{' ? [.. values.Trim('{', '}').Split(',').Select(name => name.Trim())] : [values];
        if (!load)
        {
            var from = names.Select(Read).ToArray();
            return (launch, thread) =>
            {
                byte* at = (byte*)start(launch, thread) + offset;
                for (int i = 0; i < from.Length; i++) Write(at + i * size, from[i](launch, thread), size);
            };
        }
        int[] to = [.. names.Select(program.Register)];
        return (launch, thread) =>
        {
            byte* at = (byte*)start(launch, thread) + offset;
            for (int i = 0; i < to.Length; i++) thread.Registers[to[i]] = Fetch(at + i * size, size, signed);
        };
    }

    // One thread runs at a time: what it does without a break is atomic.
    private PtxStep Atomic(string[] parts, string[] o)
    {
        bool returns = parts[0] == "atom";
        string kind = parts.First(part => part is "add" or "min" or "max" or "cas" or "exch" or "or" or "and"), type = parts[^1];
        int answer = returns ? program.Register(o[0]) : -1, size = int.Parse(type[1..], CultureInfo.InvariantCulture) / 8;
        string[] rest = returns ? o[1..] : o;
        string[] ends = rest[0].Trim('[', ']').Split('+');
        var start = Read(ends[0].Trim());
        long offset = ends.Length > 1 ? long.Parse(ends[1], CultureInfo.InvariantCulture) : 0;
        Value[] given = [.. rest[1..].Select(Read)];
        var function = kind switch
        {
            "cas" or "exch" => null,
            _ => Function([kind, type], type) ?? throw new NotSupportedException($"PTX: no atomic {kind} of {type} on this machine."),
        };
        return (launch, thread) =>
        {
            byte* at = (byte*)start(launch, thread) + offset;
            ulong before = Fetch(at, size, false), value = given[0](launch, thread);
            if (kind == "cas")
            {
                ulong mask = size == 8 ? ulong.MaxValue : uint.MaxValue;
                if ((value & mask) == before) Write(at, given[1](launch, thread), size);
            }
            else Write(at, function is null ? value : function(before, value, 0), size);
            if (returns) thread.Registers[answer] = before;
        };
    }

    private static ulong Fetch(byte* at, int size, bool signed) => (size, signed) switch
    {
        (1, false) => *at,
        (1, true) => (uint)*(sbyte*)at,
        (2, false) => *(ushort*)at,
        (2, true) => (uint)*(short*)at,
        (4, _) => *(uint*)at,
        _ => *(ulong*)at,
    };

    private static void Write(byte* at, ulong value, int size)
    {
        switch (size)
        {
            case 1: *at = (byte)value; break;
            case 2: *(ushort*)at = (ushort)value; break;
            case 4: *(uint*)at = (uint)value; break;
            default: *(ulong*)at = value; break;
        }
    }

    private PtxStep Shuffle(string[] parts, string[] o)
    {
        string kind = parts[2];
        int answer = program.Register(o[0].Split('|')[0]);
        var (value, lane) = (Read(o[1]), Read(o[2]));
        return (launch, thread) =>
        {
            int own = thread.Index % 32, by = (int)lane(launch, thread);
            int asked = kind switch { "bfly" => own ^ by, "down" => own + by, "up" => own - by, _ => by };
            thread.Given = value(launch, thread);
            thread.Asked = asked is < 0 or > 31 ? own : asked;
            thread.Answer = answer;
            thread.Wait = PtxWait.Shuffle;
        };
    }

    private static Func<ulong, ulong, bool> Comparison(string kind, string type) => type switch
    {
        "f32" => (a, b) => Floats(kind, BitConverter.UInt32BitsToSingle((uint)a), BitConverter.UInt32BitsToSingle((uint)b)),
        "s32" => (a, b) => Order(kind, ((int)a).CompareTo((int)b)),
        "s64" => (a, b) => Order(kind, ((long)a).CompareTo((long)b)),
        "u32" or "b32" => (a, b) => Order(kind, ((uint)a).CompareTo((uint)b)),
        "u64" or "b64" => (a, b) => Order(kind, a.CompareTo(b)),
        _ => (_, _) => throw new NotSupportedException($"PTX: no comparison of {type} on this machine."),
    };

    private static bool Order(string kind, int order) => kind switch
    {
        "eq" => order == 0,
        "ne" => order != 0,
        "lt" or "lo" => order < 0,
        "le" or "ls" => order <= 0,
        "gt" or "hi" => order > 0,
        "ge" or "hs" => order >= 0,
        _ => throw new NotSupportedException($"PTX: no comparison {kind} on this machine."),
    };

    // Those with a u are true for NaN.
    private static bool Floats(string kind, float a, float b)
    {
        if (float.IsNaN(a) || float.IsNaN(b)) return kind.Length == 3 && kind[2] == 'u' || kind == "nan";
        if (kind is "num" or "nan") return kind == "num";
        return Order(kind[..2], a.CompareTo(b) is var order && a == b ? 0 : order);
    }

    /// <summary>What an instruction with one result computes; null if it is not known.</summary>
    private static Func<ulong, ulong, ulong, ulong>? Function(string[] parts, string type)
    {
        static ulong Bits(float x) => BitConverter.SingleToUInt32Bits(x);
        static float F(ulong x) => BitConverter.UInt32BitsToSingle((uint)x);
        bool wide = type.EndsWith("64", StringComparison.Ordinal);
        ulong Cut(ulong x) => wide ? x : (uint)x;
        switch (parts[0])
        {
            case "mov": return (a, _, _) => Cut64(a, type);
            case "selp": return (a, b, c) => c != 0 ? a : b;
            case "not": return type == "pred" ? (a, _, _) => a ^ 1 : (a, _, _) => Cut(~a);
            case "and": return (a, b, _) => a & b;
            case "or": return (a, b, _) => Cut(a | b);
            case "xor": return (a, b, _) => Cut(a ^ b);
            case "shl": return (a, b, _) => Cut((uint)b >= (wide ? 64 : 32) ? 0 : a << (int)b);
            case "popc": return (a, _, _) => (uint)System.Numerics.BitOperations.PopCount(Cut(a));
        }
        return (parts[0], type) switch
        {
            ("add", "f32") => (a, b, _) => Bits(F(a) + F(b)),
            ("sub", "f32") => (a, b, _) => Bits(F(a) - F(b)),
            ("mul", "f32") => (a, b, _) => Bits(F(a) * F(b)),
            ("fma", "f32") => (a, b, c) => Bits(MathF.FusedMultiplyAdd(F(a), F(b), F(c))),
            ("div", "f32") => (a, b, _) => Bits(F(a) / F(b)),
            ("rcp", "f32") => (a, _, _) => Bits(1 / F(a)),
            ("sqrt", "f32") => (a, _, _) => Bits(MathF.Sqrt(F(a))),
            ("rsqrt", "f32") => (a, _, _) => Bits((float)(1 / Math.Sqrt(F(a)))),
            ("neg", "f32") => (a, _, _) => Bits(-F(a)),
            ("abs", "f32") => (a, _, _) => Bits(MathF.Abs(F(a))),
            ("ex2", "f32") => (a, _, _) => Bits((float)Math.Pow(2, F(a))),
            ("lg2", "f32") => (a, _, _) => Bits((float)Math.Log2(F(a))),
            ("max", "f32") => (a, b, _) => Bits(float.IsNaN(F(a)) ? F(b) : float.IsNaN(F(b)) ? F(a) : MathF.Max(F(a), F(b))),
            ("min", "f32") => (a, b, _) => Bits(float.IsNaN(F(a)) ? F(b) : float.IsNaN(F(b)) ? F(a) : MathF.Min(F(a), F(b))),
            ("testp", "f32") when parts[1] == "notanumber" => (a, _, _) => float.IsNaN(F(a)) ? 1u : 0u,
            ("testp", "f32") when parts[1] == "infinite" => (a, _, _) => float.IsInfinity(F(a)) ? 1u : 0u,
            ("testp", "f32") when parts[1] == "finite" => (a, _, _) => float.IsFinite(F(a)) ? 1u : 0u,
            ("add", _) => (a, b, _) => Cut(a + b),
            ("sub", _) => (a, b, _) => Cut(a - b),
            ("mul", "u32") when parts[1] == "wide" => (a, b, _) => (ulong)(uint)a * (uint)b,
            ("mul", "s32") when parts[1] == "wide" => (a, b, _) => (ulong)((long)(int)a * (int)b),
            ("mul", "u32") when parts[1] == "hi" => (a, b, _) => (ulong)(uint)a * (uint)b >> 32,
            ("mul", "s32") when parts[1] == "hi" => (a, b, _) => (uint)((long)(int)a * (int)b >> 32),
            ("mul", _) => (a, b, _) => Cut(a * b),
            ("mad", _) when parts[1] == "lo" => (a, b, c) => Cut(a * b + c),
            ("neg", "s32") => (a, _, _) => (uint)-(int)a,
            ("neg", "s64") => (a, _, _) => (ulong)-(long)a,
            ("abs", "s32") => (a, _, _) => (uint)Math.Abs((int)a),
            ("div", "s32") => (a, b, _) => (uint)((int)a / (int)b),
            ("rem", "s32") => (a, b, _) => (uint)((int)a % (int)b),
            ("div", "u32") => (a, b, _) => (uint)a / (uint)b,
            ("rem", "u32") => (a, b, _) => (uint)a % (uint)b,
            ("div", "s64") => (a, b, _) => (ulong)((long)a / (long)b),
            ("rem", "s64") => (a, b, _) => (ulong)((long)a % (long)b),
            ("shr", "s32") => (a, b, _) => (uint)((int)a >> (int)Math.Min((uint)b, 31)),
            ("shr", "s64") => (a, b, _) => (ulong)((long)a >> (int)Math.Min((uint)b, 63)),
            ("shr", "u32" or "b32") => (a, b, _) => (uint)b > 31 ? 0 : (uint)a >> (int)b,
            ("shr", "u64" or "b64") => (a, b, _) => (uint)b > 63 ? 0 : a >> (int)b,
            ("min", "s32") => (a, b, _) => (uint)Math.Min((int)a, (int)b),
            ("max", "s32") => (a, b, _) => (uint)Math.Max((int)a, (int)b),
            ("min", "u32") => (a, b, _) => Math.Min((uint)a, (uint)b),
            ("max", "u32") => (a, b, _) => Math.Max((uint)a, (uint)b),
            ("cvt", _) => Conversion(parts),
            _ => null,
        };

        static ulong Cut64(ulong a, string type) => type.EndsWith("64", StringComparison.Ordinal) || type == "pred" ? a : (uint)a;
    }

    private static Func<ulong, ulong, ulong, ulong>? Conversion(string[] parts) => (parts[^2], parts[^1]) switch
    {
        ("u64" or "s64", "u32") => (a, _, _) => (uint)a,
        ("u64" or "s64", "s32") => (a, _, _) => (ulong)(int)a,
        ("u32" or "s32", "u64" or "s64" or "u32" or "s32") => (a, _, _) => (uint)a,
        ("f32", "s32") => (a, _, _) => BitConverter.SingleToUInt32Bits((int)a),
        ("f32", "u32") => (a, _, _) => BitConverter.SingleToUInt32Bits((uint)a),
        ("f32", "s64") => (a, _, _) => BitConverter.SingleToUInt32Bits((long)a),
        ("s32", "f32") when parts[1] == "rzi" => (a, _, _) => (uint)(int)Math.Clamp((double)BitConverter.UInt32BitsToSingle((uint)a), int.MinValue, int.MaxValue),
        _ => null,
    };
}
