namespace GpuNets.Models;

/// <summary><c>aproned-objects</c>: a small front end, then a context module on it, on images that need context.</summary>
public sealed class ApronedRecipe() : ModelRecipe<ApronedOptions>(
    "aproned-objects", "Dilated context module, synthetic images that need context (Yu and Koltun 2016, arXiv 1511.07122)",
    ("basic", () => ApronedOptions.Basic), ("large", () => ApronedOptions.Large))
{
    /// <inheritdoc/>
    protected override IModelRun Open(Device device, ApronedOptions options, ulong seed, string? folder)
    {
        options.Validate();
        return ApronedRun.Open(device, options, seed);
    }
}
