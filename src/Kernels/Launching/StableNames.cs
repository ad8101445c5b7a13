using System.Text.RegularExpressions;

namespace GpuNets.Kernels;

/// <summary>
/// ILGPU numbers types, labels and parameters by counters of the process, so that the text of a kernel depends on what was compiled
/// before it and the driver's disk cache misses. Numbered by first appearance, the text depends on the kernel alone.
/// </summary>
internal static partial class StableNames
{
    /// <summary>Renumbers all identifiers of the form name_N in OpenCL C or PTX, but for the entry point's name.</summary>
    public static string Renumber(string text, string entryName)
    {
        var names = new Dictionary<string, string>();
        return NumberedName().Replace(text, match =>
        {
            if (match.Value == entryName) return match.Value;
            // Architectures are no names; fields are numbered within their struct.
            if (match.Groups[1].Value is "sm_" or "compute_" or "field_") return match.Value;
            if (!names.TryGetValue(match.Value, out string? stable)) names[match.Value] = stable = match.Groups[1].Value + names.Count;
            return stable;
        });
    }

    // Registers (%r12) and members after a dot are no such names; type_12_kernel is type_12 with a suffix.
    [GeneratedRegex(@"(?<![%\w.])([A-Za-z_]\w*?_)(\d+)(?=_kernel\b|\b)")]
    private static partial Regex NumberedName();
}
