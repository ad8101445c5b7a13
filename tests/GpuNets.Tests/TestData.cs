using GpuNets.Training;

namespace GpuNets.Tests;

/// <summary>Real data, where there is any.</summary>
internal static class TestData
{
    /// <summary>The folder of a data set; skips the test where it is not.</summary>
    public static string Folder(string name)
    {
        string? data = Environment.GetEnvironmentVariable(DataFolder.Variable);
        Assert.SkipWhen(string.IsNullOrEmpty(data), $"{DataFolder.Variable} names no folder of data sets.");
        string folder = Path.Combine(data!, name);
        Assert.SkipUnless(Directory.Exists(folder), $"{folder} is not there.");
        return folder;
    }
}
