namespace GpuNets.Training;

/// <summary>A data file that cannot be used; the message names the file, the entry in it and what was wrong.</summary>
/// <param name="file">The file.</param>
/// <param name="entry">The array, line or record concerned; null when the whole file is.</param>
/// <param name="problem">What came and what was expected.</param>
/// <param name="inner">The error underneath, if any.</param>
public sealed class DataFileException(string file, string? entry, string problem, Exception? inner = null)
    : GpuNetsException($"{file}: {(entry is null ? "" : $"{entry}: ")}{problem}", inner)
{
    /// <summary>The file.</summary>
    public string File { get; } = file;

    /// <summary>The array, line or record concerned; null when the whole file is.</summary>
    public string? Entry { get; } = entry;
}
