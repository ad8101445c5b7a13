namespace GpuNets.Models;

/// <summary><c>ntm-copy</c>: a Neural Turing Machine learns to copy, compared with the paper's LSTM.</summary>
public sealed class NtmCopyRecipe() : ModelRecipe<NtmCopyOptions>(
    "ntm-copy", "Neural Turing Machine, copy task (Graves, Wayne and Danihelka 2014, arXiv 1410.5401)",
    ("quick", () => NtmCopyOptions.Quick), ("paper", () => NtmCopyOptions.Paper), ("paper-ff", () => NtmCopyOptions.PaperFeedForward),
    ("collier-beel", () => NtmCopyOptions.CollierBeel))
{
    /// <inheritdoc/>
    protected override IModelRun Open(Device device, NtmCopyOptions options, ulong seed, string? folder)
    {
        options = options with { Model = options.Model with { Inputs = options.Task.Inputs, Outputs = options.Task.Outputs } };
        options.Validate();
        options.Model.Validate();
        return NtmCopyRun.Open(device, options, seed);
    }
}
