using System.Runtime.InteropServices;

namespace GpuNets;

/// <summary>
/// Forces a folder's entries to disk, so that a rename survives a power cut. .NET cannot open a folder as a file, hence the
/// three C library calls. Windows has no such call; NTFS journals its entries.
/// </summary>
internal static partial class FolderSync
{
    /// <summary>Flushes one folder. A file system that cannot flush folders is not an error.</summary>
    public static void Flush(string folder)
    {
        if (OperatingSystem.IsWindows()) return;
        int descriptor = Open(folder, 0);
        if (descriptor < 0) throw new IOException($"Cannot open the folder {folder} to flush it: {Marshal.GetLastPInvokeErrorMessage()}.");
        int result = Sync(descriptor);
        int error = Marshal.GetLastPInvokeError();
        _ = Close(descriptor);
        const int invalid = 22; // EINVAL: the file system has no such operation.
        if (result != 0 && error != invalid)
            throw new IOException($"Cannot flush the folder {folder}: {Marshal.GetPInvokeErrorMessage(error)}.");
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Sync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Close(int descriptor);
}
