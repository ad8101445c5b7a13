namespace GpuNets.InstructionMix;

/// <summary>How often instructions of some kinds occur in a piece of machine code.</summary>
public sealed class InstructionCounts
{
    private readonly string[] _names;

    /// <summary>Counts instructions.</summary>
    public InstructionCounts(IEnumerable<SassInstruction> instructions) => _names = [.. instructions.Select(one => one.Name)];

    /// <summary>All instructions.</summary>
    public int All => _names.Length;

    /// <summary>Multiply-adds of floats.</summary>
    public int Fused => Count("FFMA");

    /// <summary>Products on tensor cores.</summary>
    public int Tensor => Count("HMMA") + Count("HGMMA");

    /// <summary>Loads and stores of global memory, and how many of them move 16 bytes.</summary>
    public (int All, int Wide) Global => (Count("LDG") + Count("STG") + Count("LDGSTS"), _names.Count(name => IsGlobal(name) && name.Contains(".128", StringComparison.Ordinal)));

    /// <summary>Loads and stores of shared memory, matrices included.</summary>
    public int Shared => _names.Count(name => !IsGlobal(name) && (name.StartsWith("LDS", StringComparison.Ordinal) || name.StartsWith("STS", StringComparison.Ordinal)));

    /// <summary>Loads and stores of local memory: of spilled registers and arrays.</summary>
    public int Local => Count("LDL") + Count("STL");

    /// <summary>Share of the multiply-adds or tensor products, whichever there are, in all instructions.</summary>
    public double ArithmeticShare => All == 0 ? 0 : (Tensor > 0 ? Tensor : Fused) / (double)All;

    // LDGSTS counts once: it begins with LDG.
    private int Count(string kind) => _names.Count(name => name == kind || name.StartsWith(kind + ".", StringComparison.Ordinal));

    private static bool IsGlobal(string name) =>
        name.StartsWith("LDG", StringComparison.Ordinal) || name.StartsWith("STG", StringComparison.Ordinal);
}
