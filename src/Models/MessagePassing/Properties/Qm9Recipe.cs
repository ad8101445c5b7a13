namespace GpuNets.Models;

/// <summary><c>qm9</c>: a message passing network on quantum chemical properties.</summary>
public sealed class Qm9Recipe() : ModelRecipe<PropertyOptions>(
    "qm9", "Message passing network, properties of QM9's molecules (Gilmer et al. 2017, arXiv 1704.01212)",
    ("enn-s2s", () => PropertyOptions.Qm9), ("bins", () => PropertyOptions.Qm9Bins), ("topology", () => PropertyOptions.Qm9Topology),
    ("small", () => PropertyOptions.Qm9Small), ("small-bins", () => PropertyOptions.Qm9SmallBins), ("small-topology", () => PropertyOptions.Qm9SmallTopology),
    ("joint", () => PropertyOptions.Qm9Joint), ("released", () => PropertyOptions.Qm9Released), ("ggnn", () => PropertyOptions.Qm9Bonds),
    ("ggnn-virtual", () => PropertyOptions.Qm9Virtual), ("ggnn-master", () => PropertyOptions.Qm9Master), ("ggnn-set2set", () => PropertyOptions.Qm9SetToSet),
    ("towers", () => PropertyOptions.Qm9Towers))
{
    /// <inheritdoc/>
    protected override IModelRun Open(Device device, PropertyOptions options, ulong seed, string? folder) => PropertyRun.Open(Name, device, options, seed, folder);
}
