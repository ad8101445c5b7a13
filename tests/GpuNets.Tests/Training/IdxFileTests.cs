using System.IO.Compression;
using GpuNets.Training;

namespace GpuNets.Tests.Training;

public sealed class IdxFileTests
{
    private static byte[] Idx(byte type, int[] shape, int count) =>
        [0, 0, type, (byte)shape.Length, .. shape.SelectMany(size => BitConverter.GetBytes(size).Reverse()), .. Enumerable.Range(0, count).Select(i => (byte)i)];

    internal static byte[] Zipped(byte[] bytes)
    {
        using var stream = new MemoryStream();
        using (var gzip = new GZipStream(stream, CompressionLevel.Fastest)) gzip.Write(bytes);
        return stream.ToArray();
    }

    [Theory(Timeout = 10_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Arrays_read_back(bool zipped)
    {
        await Task.Yield();
        using var temp = new TempFolder();
        byte[] bytes = Idx(8, [2, 3, 4, 3], 72);
        File.WriteAllBytes(temp.File("a"), zipped ? Zipped(bytes) : bytes);
        var file = IdxFile.Read(temp.File("a"));
        Assert.Equal([2, 3, 4, 3], file.Shape.AsEnumerable());
        Assert.Equal(36, file.Stride);
        Assert.Equal(Enumerable.Range(36, 36).Select(i => (byte)i), file[1].ToArray());
        Assert.Throws<ArgumentOutOfRangeException>(() => file[2].Length);
    }

    private static readonly Dictionary<string, (byte[] Content, string Expected)> _damaged = new()
    {
        ["empty"] = ([], "truncated"),
        ["header cut"] = (Idx(8, [2, 3], 6)[..10], "truncated"),
        ["not IDX"] = ([.. "hello, world"u8], "starts with bytes 104, 101"),
        ["floats"] = (Idx(13, [2, 3], 24), "type 0x0d"),
        ["no dimensions"] = (Idx(8, [], 1), "without dimensions"),
        ["one byte missing"] = (Idx(8, [2, 3], 5), "truncated"),
        ["one byte more"] = (Idx(8, [2, 3], 7), "goes on after the 6 bytes of the array [2, 3]"),
        ["negative size"] = (Idx(8, [2, -3], 6), "size 4294967293"),
        ["huge"] = (Idx(8, [int.MaxValue, int.MaxValue, int.MaxValue], 6), "larger than the file can hold"),
        ["much more than is there"] = (Idx(8, [1_000_000, 1000], 6), "larger than the file can hold"),
    };

    public static TheoryData<string> Kinds => [.. _damaged.Keys];

    [Theory(Timeout = 10_000)]
    [MemberData(nameof(Kinds))]
    public async Task Damage_is_one_clear_error(string kind)
    {
        await Task.Yield();
        using var temp = new TempFolder();
        File.WriteAllBytes(temp.File("plain"), _damaged[kind].Content);
        File.WriteAllBytes(temp.File("zipped.gz"), Zipped(_damaged[kind].Content));
        foreach (string name in new[] { "plain", "zipped.gz" })
        {
            var error = Assert.Throws<DataFileException>(() => IdxFile.Read(temp.File(name)));
            Assert.Equal(temp.File(name), error.File);
            // Of a plain file the length tells at once that data is missing.
            Assert.True(error.Message.Contains(_damaged[kind].Expected, StringComparison.Ordinal) || error.Message.Contains("larger than the file", StringComparison.Ordinal), error.Message);
        }
    }

    [Fact(Timeout = 30_000)]
    public async Task Damaged_gzip_gives_that_error_too()
    {
        await Task.Yield();
        using var temp = new TempFolder();
        byte[] good = Zipped(Idx(8, [5, 10, 10], 500));
        var random = new Random(7);
        int refused = 0;
        for (int trial = 0; trial < 1500; trial++)
        {
            byte[] bytes = trial < good.Length ? good[..trial] : (byte[])good.Clone();
            if (trial >= good.Length) for (int i = 0; i < 2; i++) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            File.WriteAllBytes(temp.File("a.gz"), bytes);
            try { Assert.NotEmpty(IdxFile.Read(temp.File("a.gz")).Shape); }
            catch (DataFileException) { refused++; }
        }
        Assert.True(refused > 1000, $"{refused} were refused.");
    }

    [Fact(Timeout = 60_000)]
    public async Task MNIST_reads()
    {
        await Task.Yield();
        string data = TestData.Folder("mnist");
        var images = IdxFile.Read(Path.Combine(data, "t10k-images-idx3-ubyte.gz"));
        var labels = IdxFile.Read(Path.Combine(data, "t10k-labels-idx1-ubyte.gz"));
        Assert.Equal([10_000, 28, 28], images.Shape.AsEnumerable());
        Assert.Equal([7, 2, 1, 0, 4, 1, 4, 9, 5, 9], labels.Values[..10]);
    }
}
