namespace GpuNets.Models;

/// <summary><c>molecules</c>: a message passing network on generated molecules whose target is geometric.</summary>
public sealed class MoleculesRecipe() : ModelRecipe<PropertyOptions>(
    "molecules", "Message passing network, geometric target of generated molecules (Gilmer et al. 2017, arXiv 1704.01212)",
    ("enn-s2s", () => PropertyOptions.Generated), ("enn-s2s-heavy", () => PropertyOptions.GeneratedHeavy), ("enn-s2s-topology", () => PropertyOptions.GeneratedTopology),
    ("ggnn-bins", () => PropertyOptions.GeneratedBins), ("ggnn-bonds", () => PropertyOptions.GeneratedBonds))
{
    /// <inheritdoc/>
    protected override IModelRun Open(Device device, PropertyOptions options, ulong seed, string? folder) => PropertyRun.Open(Name, device, options, seed, folder);
}
