namespace GpuNets.Training;

/// <summary>Puts a finished picture on disk.</summary>
internal static class PngFile
{
    public static void Write(string path, byte[] png)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder) Directory.CreateDirectory(folder);
        AtomicFile.Write(path, stream => stream.Write(png));
    }
}
