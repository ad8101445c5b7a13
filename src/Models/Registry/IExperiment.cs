namespace GpuNets.Models;

/// <summary>An experiment of a paper's reproduction: trains several models on the same data and judges what the paper claims.</summary>
public interface IExperiment
{
    /// <summary>Name on the command line, for instance <c>aproned-objects</c>.</summary>
    string Name { get; }

    /// <summary>One line: what is compared, and the paper.</summary>
    string Description { get; }

    /// <summary>Measures one row after the other.</summary>
    /// <param name="device">Where it runs.</param>
    /// <param name="seed">Seed of data and parameters.</param>
    /// <param name="cancellation">Ends it between updates.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    IEnumerable<ExperimentRow> Run(Device device, ulong seed, CancellationToken cancellation = default);

    /// <summary>Whether the rows of one seed bear out the claims.</summary>
    /// <param name="rows">All rows that <see cref="Run"/> gave.</param>
    IReadOnlyList<ExperimentMark> Judge(IReadOnlyList<ExperimentRow> rows);

    /// <summary>Whether the seeds together bear out claims about means; none by default.</summary>
    /// <param name="seeds">The rows of each seed.</param>
    IReadOnlyList<ExperimentMark> JudgeMeans(IReadOnlyList<IReadOnlyList<ExperimentRow>> seeds) => [];
}
