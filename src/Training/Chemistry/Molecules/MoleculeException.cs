namespace GpuNets.Training;

/// <summary>A molecule that cannot be read or used; the message names the file, the line and what was wrong.</summary>
/// <param name="file">The file, or what the text is called; null for a molecule that comes from no file.</param>
/// <param name="line">The line, from 1; null when there is none.</param>
/// <param name="problem">What came and what was expected.</param>
/// <param name="inner">The error underneath, if any.</param>
public sealed class MoleculeException(string? file, int? line, string problem, Exception? inner = null)
    : GpuNetsException($"{file}{(line is null ? "" : $"{(file is null ? "" : ", ")}line {line}")}{(file is null && line is null ? "" : ": ")}{problem}", inner)
{
    /// <summary>The file, or what the text is called; null for a molecule that comes from no file.</summary>
    public string? File { get; } = file;

    /// <summary>The line, from 1; null when there is none.</summary>
    public int? Line { get; } = line;

    /// <summary>What was wrong, without file and line.</summary>
    public string Problem { get; } = problem;
}
