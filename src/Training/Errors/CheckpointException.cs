namespace GpuNets.Training;

/// <summary>No checkpoint of a folder can be read; the message says for each what is wrong with it.</summary>
/// <param name="folder">The folder of checkpoints.</param>
/// <param name="problem">What came and what was expected.</param>
/// <param name="inner">The error underneath, if any.</param>
public sealed class CheckpointException(string folder, string problem, Exception? inner = null)
    : GpuNetsException($"{folder}: {problem}", inner)
{
    /// <summary>The folder of checkpoints.</summary>
    public string Folder { get; } = folder;
}
