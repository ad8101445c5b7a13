namespace GpuNets.Models;

/// <summary><c>copy-symbols</c>: a small Transformer learns to say what it has read.</summary>
public sealed class CopySymbolsRecipe() : ModelRecipe<CopySymbolsOptions>(
    "copy-symbols", "Transformer, copying symbols (Vaswani et al. 2017, arXiv 1706.03762)",
    ("standard", () => CopySymbolsOptions.Standard), ("no-positions", () => CopySymbolsOptions.NoPositions))
{
    /// <inheritdoc/>
    protected override IModelRun Open(Device device, CopySymbolsOptions options, ulong seed, string? folder)
    {
        options.Validate();
        return CopySymbolsRun.Open(device, options, seed);
    }
}
