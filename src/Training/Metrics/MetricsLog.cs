using System.Text;
using System.Text.Json;

namespace GpuNets.Training;

/// <summary>
/// A file of metrics, one JSON object a line. Each line is handed to the operating system as it is written, so a killed
/// process loses at most the line it was at; readers pass over such a torn last line.
/// </summary>
public sealed class MetricsLog : IDisposable
{
    private static readonly JsonSerializerOptions _json = new(RunRecord.Json) { WriteIndented = false };

    private readonly FileStream _stream;

    /// <summary>Opens a file to append to, creating it if needed.</summary>
    /// <param name="path">The file.</param>
    /// <param name="keepThrough">Lines of later steps are dropped: a resumed run writes them again.</param>
    /// <exception cref="DataFileException">A line other than the last is damaged.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public MetricsLog(string path, long keepThrough = long.MaxValue)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (File.Exists(path)) DropTail(path, keepThrough);
        _stream = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);
    }

    /// <summary>Reads a file; a torn last line is passed over.</summary>
    /// <exception cref="DataFileException">A line other than the last is damaged.</exception>
    /// <exception cref="IOException">The file is not there or cannot be read.</exception>
    public static IReadOnlyList<MetricsLine> Read(string path)
    {
        // Split by hand: the last line counts only when its line feed is there.
        string[] lines = File.ReadAllText(path).Split('\n');
        List<MetricsLine> read = [];
        for (int i = 0; i < lines.Length - 1; i++) read.Add(Parse(path, lines[i], i + 1));
        return read;
    }

    /// <summary>Appends one line.</summary>
    public void Write(MetricsLine line)
    {
        ArgumentNullException.ThrowIfNull(line);
        _stream.Write(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(line, _json) + "\n"));
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _stream.Dispose();

    private static void DropTail(string path, long keepThrough)
    {
        string text = File.ReadAllText(path);
        var kept = new StringBuilder();
        int number = 0;
        foreach (string line in text.Split('\n').SkipLast(1))
            if (Parse(path, line, ++number).Step <= keepThrough) kept.Append(line).Append('\n');
        if (kept.Length != text.Length) AtomicFile.WriteText(path, kept.ToString());
    }

    private static MetricsLine Parse(string path, string line, int number)
    {
        try
        {
            return JsonSerializer.Deserialize<MetricsLine>(line, _json) ?? throw new JsonException("the line holds null");
        }
        catch (JsonException e)
        {
            throw new DataFileException(path, $"line {number}", $"no metrics: {e.Message}", e);
        }
    }
}
