namespace GpuNets.Models;

/// <summary><c>parsing</c>: a Transformer learns to write the trees of sentences.</summary>
public sealed class ParsingRecipe() : ModelRecipe<ParsingOptions>(
    "parsing", "Transformer, constituency parsing of generated trees or a treebank of one's own (Vaswani et al. 2017, arXiv 1706.03762)",
    ("small", () => ParsingOptions.Small), ("wsj", () => ParsingOptions.Wsj), ("semi-supervised", () => ParsingOptions.SemiSupervised))
{
    /// <inheritdoc/>
    protected override IModelRun Open(Device device, ParsingOptions options, ulong seed, string? folder)
    {
        options.Validate();
        return SequenceRun.Open(device, options, seed, folder);
    }
}
