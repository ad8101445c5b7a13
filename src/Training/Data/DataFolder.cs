namespace GpuNets.Training;

/// <summary>
/// Where data sets lie: the folder that the variable GPUNETS_DATA names, else <c>gpunets/data</c> in the user's cache folder
/// (XDG_CACHE_HOME, ~/.cache, or the local application data of Windows).
/// </summary>
public static class DataFolder
{
    /// <summary>Name of the variable.</summary>
    public const string Variable = "GPUNETS_DATA";

    /// <summary>The folder of all data sets; it need not exist.</summary>
    public static string Root
    {
        get
        {
            if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named) return named;
            string cache = OperatingSystem.IsWindows()
                ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
                : Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } xdg
                    ? xdg
                    : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
            return Path.Combine(cache, "gpunets", "data");
        }
    }

    /// <summary>The folder of a data set.</summary>
    /// <param name="name">Its name, for instance <c>camvid_180x240</c>; a path that is rooted or exists stands for itself.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder; the message says where it was looked for.</exception>
    public static string Find(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        foreach (string folder in (string[])[name, Path.Combine(Root, name)])
            if (Directory.Exists(folder)) return folder;
        throw new DirectoryNotFoundException($"there is no data folder {name}, neither here nor in {Root}; put it there or set {Variable}.");
    }
}
