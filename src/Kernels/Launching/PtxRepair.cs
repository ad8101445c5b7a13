using System.Text.RegularExpressions;

namespace GpuNets.Kernels;

/// <summary>
/// Repairs the PTX of ILGPU 1.5.3. Its optimiser marks branches as uniform that are not: the assembler then deletes shuffles and shares
/// registers between threads that differ. It copies what follows a condition into both branches, barriers too: the barrier that it names
/// makes threads of a warp that came to different copies wait for each other forever; the one put in its place counts them. Not in kernels of a
/// grid: their tiles would no longer fit into registers, and they have no barrier behind a condition. And it names no target above sm_80, which
/// hides the instructions of newer GPUs.
/// </summary>
internal static partial class PtxRepair
{
    // The PTX version (times ten) that first knows a target.
    private static readonly (int Major, int Minor, int Version)[] s_targets =
    [
        (7, 0, 60), (7, 2, 61), (7, 5, 63), (8, 0, 70), (8, 6, 71), (8, 7, 74), (8, 9, 78), (9, 0, 78),
        (10, 0, 86), (10, 1, 86), (12, 0, 87), (10, 3, 88), (12, 1, 88), (11, 0, 90),
    ];

    /// <summary>The repaired text for a GPU of a compute capability; see <see cref="ComputeCapabilityAttribute.IsExact"/>.</summary>
    public static string Run(string ptx, string entryName, int major, int minor, bool isExact = false, bool isGrid = false)
    {
        var version = Version().Match(ptx);
        int known = int.Parse(version.Groups[1].Value) * 10 + int.Parse(version.Groups[2].Value);
        string repaired = Uniform().Replace(ptx, "$1");
        if (major >= 7 && !isGrid) repaired = Barrier().Replace(repaired, "barrier.sync");   // older GPUs know warps that are together alone
        repaired = Target().Replace(repaired, $".target {TargetName(major, minor, known)}{(isExact ? "a" : "")}");
        return StableNames.Renumber(repaired, entryName);
    }

    /// <summary>The GPU's own target, or the newest older one that the PTX version knows: newer GPUs run it too.</summary>
    internal static string TargetName(int major, int minor, int version)
    {
        var (bestMajor, bestMinor, _) = s_targets
            .Where(target => target.Version <= version && (target.Major, target.Minor).CompareTo((major, minor)) <= 0)
            .DefaultIfEmpty(s_targets[0])
            .MaxBy(target => (target.Major, target.Minor));
        return $"sm_{bestMajor}{bestMinor}";
    }

    [GeneratedRegex(@"\b(bra|call|brx\.idx)\.uni\b")]
    private static partial Regex Uniform();

    [GeneratedRegex(@"\bbar\.sync\b")]
    private static partial Regex Barrier();

    [GeneratedRegex(@"\.target\s+sm_\w+")]
    private static partial Regex Target();

    [GeneratedRegex(@"\.version\s+(\d+)\.(\d+)")]
    private static partial Regex Version();
}
