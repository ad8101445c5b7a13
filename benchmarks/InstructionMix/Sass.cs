using System.Globalization;
using System.Text.RegularExpressions;

namespace GpuNets.InstructionMix;

/// <summary>An instruction of machine code.</summary>
/// <param name="Address">Where it stands.</param>
/// <param name="Name">With its modifiers: <c>LDG.E.128</c>.</param>
/// <param name="Target">Where a branch goes, else null.</param>
public sealed record SassInstruction(int Address, string Name, int? Target);

/// <summary>The machine code of a kernel, read from cuobjdump's text.</summary>
public sealed partial class Sass
{
    private readonly List<SassInstruction> _instructions = [];

    /// <summary>Reads the text of <c>cuobjdump -sass</c>; what follows the end of the program (an endless branch) is left out.</summary>
    public Sass(string text)
    {
        foreach (Match match in Line().Matches(text))
        {
            int address = int.Parse(match.Groups[1].Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            string name = match.Groups[2].Value;
            var branch = name.StartsWith("BRA", StringComparison.Ordinal) ? Branch().Match(match.Groups[3].Value) : Match.Empty;
            int? target = branch.Success ? int.Parse(branch.Groups[1].Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture) : null;
            if (target == address) break;
            _instructions.Add(new SassInstruction(address, name, target));
        }
    }

    /// <summary>All instructions, in order.</summary>
    public IReadOnlyList<SassInstruction> Instructions => _instructions;

    /// <summary>
    /// The loop without loops in it that does the most arithmetic; the whole kernel if it has no loop. A loop is what lies between a
    /// branch backwards and its target.
    /// </summary>
    /// <param name="shortest">Of loops with as much arithmetic, the shortest instead of the longest.</param>
    public InstructionCounts HotLoop(bool shortest = false)
    {
        var loops = _instructions.Where(one => one.Target < one.Address).Select(one => (Start: one.Target!.Value, End: one.Address)).ToList();
        return loops
            .Where(loop => !loops.Any(other => other != loop && other.Start >= loop.Start && other.End <= loop.End))
            .Select(loop => new InstructionCounts(_instructions.Where(one => one.Address >= loop.Start && one.Address <= loop.End)))
            .OrderByDescending(counts => counts.Tensor * 64 + counts.Fused)
            .ThenBy(counts => shortest ? counts.All : -counts.All)
            .FirstOrDefault() ?? new InstructionCounts(_instructions);
    }

    // /*0a80*/              @!P0 BRA 0x5a0 ;
    [GeneratedRegex(@"^\s*/\*([0-9a-f]{4,})\*/\s+(?:@!?U?P\w+\s+)?([A-Z][A-Z0-9_.]*)([^;]*);", RegexOptions.Multiline)]
    private static partial Regex Line();

    [GeneratedRegex(@"0x([0-9a-f]+)")]
    private static partial Regex Branch();
}
