using System.Diagnostics.CodeAnalysis;

namespace GpuNets;

/// <summary>
/// Replaces a file in one step: the new content goes to a temporary file in the same folder, is forced to disk, takes the
/// place of the old file by a rename, and the folder entry is forced to disk too.
/// </summary>
public static class AtomicFile
{
    /// <summary>Writes a file; when anything fails the file from before stays as it was.</summary>
    /// <param name="path">The file to create or replace.</param>
    /// <param name="write">Writes the content.</param>
    /// <exception cref="IOException">The folder does not exist, the disk is full, or the file cannot be replaced.</exception>
    [SuppressMessage("Design", "CA1031", Justification = "The temporary file is removed, then the first error goes on.")]
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(write);
        string full = Path.GetFullPath(path);
        string temporary = $"{full}.{Path.GetRandomFileName()[..8]}.tmp";
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }
            File.Move(temporary, full, overwrite: true);
        }
        catch
        {
            try { File.Delete(temporary); }
            catch (Exception) { /* The error that led here says more. */ }
            throw;
        }
        FolderSync.Flush(Path.GetDirectoryName(full)!);
    }

    /// <summary>Writes text as UTF-8.</summary>
    /// <inheritdoc cref="Write(string, Action{Stream})"/>
    /// <param name="path">The file to create or replace.</param>
    /// <param name="text">The content.</param>
    public static void WriteText(string path, string text) => Write(path, stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(text)));

    /// <summary>
    /// Gives a folder whose files are on disk its final name in one step; a crash at any moment leaves either no folder of
    /// that name or the complete one.
    /// </summary>
    /// <param name="temporary">The folder, its files already flushed.</param>
    /// <param name="path">Its final name on the same disk; must not exist.</param>
    /// <exception cref="IOException">The folder cannot be renamed.</exception>
    public static void PublishFolder(string temporary, string path)
    {
        FolderSync.Flush(temporary);
        Directory.Move(temporary, path);
        FolderSync.Flush(Path.GetDirectoryName(Path.GetFullPath(path))!);
    }
}
