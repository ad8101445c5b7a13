namespace GpuNets.Models;

/// <summary>
/// A task over sequences of bits: what comes in, what must come out and when it counts. The batch of an index depends on seed, index and
/// the task's settings alone.
/// </summary>
public interface INtmTask
{
    /// <summary>Short name, for instance <c>copy</c>.</summary>
    string Name { get; }

    /// <summary>Width of an input step.</summary>
    int Inputs { get; }

    /// <summary>Width of an output step.</summary>
    int Outputs { get; }

    /// <summary>The same task on harder settings than it is trained on, by a label such as <c>40</c>; used to see how far a model generalises.</summary>
    IReadOnlyList<(string Label, INtmTask Task)> Generalisation { get; }

    /// <summary>Draws a batch.</summary>
    /// <param name="size">Number of sequences.</param>
    /// <param name="seed">Seed of the data.</param>
    /// <param name="index">Number of the batch.</param>
    NtmBatch Generate(int size, ulong seed, long index);
}
