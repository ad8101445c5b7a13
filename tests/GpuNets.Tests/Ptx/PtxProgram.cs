using System.Globalization;
using System.Text.RegularExpressions;

namespace GpuNets.Tests.Ptx;

/// <summary>An instruction of PTX: its name in parts, its operands as they stand, and the line, for messages.</summary>
/// <param name="Guard">A predicate register that must be true (or false, with <paramref name="GuardFalse"/>), or null.</param>
/// <param name="GuardFalse">The guard must be false.</param>
/// <param name="Name">For instance ld.global.f32.</param>
/// <param name="Operands">Registers, numbers, [addresses], {vectors}, labels.</param>
internal sealed record PtxInstruction(string? Guard, bool GuardFalse, string Name, string[] Operands)
{
    public override string ToString() => $"{(Guard is null ? "" : $"@{(GuardFalse ? "!" : "")}{Guard} ")}{Name} {string.Join(", ", Operands)}";
}

/// <summary>The text of an entry function, taken apart: what ILGPU writes, no more.</summary>
internal sealed partial class PtxProgram
{
    private readonly Dictionary<string, int> _registers = [], _labels = [], _parameters = [], _shared = [], _local = [];

    private PtxProgram() { }

    public List<PtxInstruction> Instructions { get; } = [];

    public int RegisterCount => _registers.Count;

    /// <summary>Bytes of the parameters, of shared memory, and of local memory per thread.</summary>
    public int ParameterBytes { get; private set; }

    public int SharedBytes { get; private set; }

    public int LocalBytes { get; private set; }

    /// <summary>The name of the shared memory whose size the launch gives, if any; it begins behind the rest.</summary>
    public string? DynamicShared { get; private set; }

    /// <summary>Offsets of the parameters by order.</summary>
    public List<int> ParameterOffsets { get; } = [];

    public int Register(string name)
    {
        if (!_registers.TryGetValue(name, out int index)) _registers[name] = index = _registers.Count;
        return index;
    }

    public int Label(string name) => _labels.TryGetValue(name, out int at) ? at : throw new InvalidDataException($"PTX: no label {name}.");

    public bool TryParameter(string name, out int offset) => _parameters.TryGetValue(name, out offset);

    public bool TryShared(string name, out int offset) => _shared.TryGetValue(name, out offset);

    public bool TryLocal(string name, out int offset) => _local.TryGetValue(name, out offset);

    /// <summary>Reads the entry function of a module.</summary>
    public static PtxProgram Parse(string text)
    {
        var program = new PtxProgram();
        int entry = text.IndexOf(".entry", StringComparison.Ordinal);
        foreach (Match shared in ExternShared().Matches(text[..entry])) program.DynamicShared = shared.Groups[1].Value;
        int open = text.IndexOf('(', entry), body = text.IndexOf('{', entry), end = text.IndexOf("\n}", body, StringComparison.Ordinal);
        foreach (Match parameter in Parameter().Matches(text[open..body]))
        {
            int align = parameter.Groups[1].Success ? Int(parameter.Groups[1].Value) : 0, size = parameter.Groups[2].Value is "b8" && parameter.Groups[4].Success
                ? Int(parameter.Groups[4].Value) : Int(parameter.Groups[2].Value[1..]) / 8;
            int offset = Up(program.ParameterBytes, align == 0 ? size : align);
            program._parameters[parameter.Groups[3].Value] = offset;
            program.ParameterOffsets.Add(offset);
            program.ParameterBytes = offset + size;
        }
        foreach (string raw in text[(body + 1)..end].Split('\n')) program.Line(raw.Trim());
        return program;
    }

    private void Line(string line)
    {
        if (line.Length == 0 || line.StartsWith("//", StringComparison.Ordinal)) return;
        if (line.EndsWith(':'))
        {
            _labels[line[..^1]] = Instructions.Count;
            return;
        }
        if (Allocation().Match(line) is { Success: true } allocation)
        {
            int align = Int(allocation.Groups[2].Value), bytes = Int(allocation.Groups[4].Value);
            bool shared = allocation.Groups[1].Value == "shared";
            int offset = Up(shared ? SharedBytes : LocalBytes, align);
            (shared ? _shared : _local)[allocation.Groups[3].Value] = offset;
            if (shared) SharedBytes = offset + bytes;
            else LocalBytes = offset + bytes;
            return;
        }
        if (line[0] == '.') return;
        if (line[0] == '{' && line.Contains(';', StringComparison.Ordinal))
        {
            // An intrinsic of several instructions with registers of its own.
            foreach (string one in line.Trim('{', '}', ' ').Split(';')) Line(one.Trim());
            return;
        }
        string? guard = null;
        bool guardFalse = false;
        if (line[0] == '@')
        {
            int space = line.IndexOf(' ', StringComparison.Ordinal);
            guardFalse = line[1] == '!';
            guard = line[(guardFalse ? 2 : 1)..space];
            line = line[(space + 1)..].Trim();
        }
        line = line.TrimEnd(';');
        int name = line.IndexOfAny([' ', '\t']);
        string[] operands = name < 0 ? [] : [.. Comma().Split(line[name..]).Select(operand => operand.Trim())];
        Instructions.Add(new PtxInstruction(guard, guardFalse, name < 0 ? line : line[..name], operands));
    }

    private static int Up(int offset, int align) => (offset + align - 1) / align * align;

    private static int Int(string number) => int.Parse(number, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\.extern\s+\.shared[^;]*?(\w+)\[\]")]
    private static partial Regex ExternShared();

    [GeneratedRegex(@"\.param\s+(?:\.align\s+(\d+)\s+)?\.(\w+)\s+(\w+)(?:\[(\d+)\])?")]
    private static partial Regex Parameter();

    [GeneratedRegex(@"^\.(shared|local)\s+\.align\s+(\d+)\s+\.b8\s+(\w+)\[(\d+)\];")]
    private static partial Regex Allocation();

    // Commas within braces and brackets belong to an operand.
    [GeneratedRegex(@",(?![^{\[]*[}\]])")]
    private static partial Regex Comma();
}
