using System.IO.Compression;
using System.Text;
using GpuNets.Training;

namespace GpuNets.Tests.Training;

public sealed class NpzTests
{
    private static byte[] Npy(string header, byte[] data, byte major = 1)
    {
        byte[] text = Encoding.UTF8.GetBytes(header + "\n");
        byte[] length = major == 1 ? BitConverter.GetBytes((ushort)text.Length) : BitConverter.GetBytes(text.Length);
        return [0x93, .. "NUMPY"u8, major, 0, .. length, .. text, .. data];
    }

    private static string Header(string descr, string shape, string fortran = "False") =>
        $"{{'descr': '{descr}', 'fortran_order': {fortran}, 'shape': ({shape}), }}";

    private static void Zip(string path, params (string Name, byte[] Content)[] entries)
    {
        using var archive = ZipFile.Open(path, ZipArchiveMode.Create);
        foreach (var (name, content) in entries)
        {
            using var stream = archive.CreateEntry(name).Open();
            stream.Write(content);
        }
    }

    public static TheoryData<string, byte[], double[]> Types => new()
    {
        { "<f4", [0, 0, 0xC0, 0x3F], [1.5] },
        { "<f8", [0x9A, 0x99, 0x99, 0x99, 0x99, 0x99, 0xB9, 0x3F], [0.1] },
        { "|i1", [0xFF, 0x7F], [-1, 127] },
        { "<i4", [0, 0, 0, 0x80], [-2147483648.0] },
        { "<i8", [0xFE, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], [-2] },
        { "|u1", [0, 255], [0, 255] },
        { "|b1", [0, 1], [0, 1] },
    };

    [Theory(Timeout = 10_000)]
    [MemberData(nameof(Types))]
    public async Task Every_type_reads_back(string descr, byte[] data, double[] expected)
    {
        await Task.Yield();
        using var temp = new TempFolder();
        Zip(temp.File("a.npz"), ("x.npy", Npy(Header(descr, $"{expected.Length},"), data)), ("layer.y.npy", Npy(Header(descr, $"1, {expected.Length}, 1"), data, major: 2)));
        using var file = new NpzFile(temp.File("a.npz"));
        Assert.Equal(["x", "layer.y"], file.Names);
        Assert.Equal(expected, file["x"].ToDoubles());
        Assert.Equal(expected.Select(v => (float)v), file["layer.y"].ToFloats());
        Assert.Equal([1, expected.Length, 1], file["layer.y"].Shape.AsEnumerable());
        if (descr[1] == 'f') Assert.Throws<DataFileException>(() => file["x"].ToInt32());
        else Assert.Equal(expected.Select(v => (int)v), file["x"].ToInt32());

        File.WriteAllBytes(temp.File("z.npy"), Npy(Header(descr, $"{expected.Length},"), data));
        Assert.Equal(expected, NpzFile.ReadNpy(temp.File("z.npy")).ToDoubles());
    }

    private static readonly Dictionary<string, (byte[] Content, string Expected)> _damaged = new()
    {
        ["empty"] = ([], "truncated"),
        ["no magic"] = ([.. "NUMPY"u8, .. new byte[20]], "no NumPy array"),
        ["version 4"] = ([0x93, .. "NUMPY"u8, 4, 0, .. new byte[20]], "format 4.0"),
        ["header cut"] = (Npy(Header("<f4", "1,"), [])[..30], "truncated"),
        ["header of 4 GiB"] = ([0x93, .. "NUMPY"u8, 2, 0, 0xFF, 0xFF, 0xFF, 0xFF, .. new byte[20]], "at most 65536"),
        ["not a header"] = (Npy("{'shape': (1,)}", [0, 0, 0, 0]), "no array header"),
        ["big endian"] = (Npy(Header(">f4", "1,"), [0, 0, 0, 0]), "'>f4' are not read"),
        ["text"] = (Npy(Header("<U5", "1,"), new byte[20]), "'<U5' are not read"),
        ["Fortran order"] = (Npy(Header("<f4", "1,", "True"), [0, 0, 0, 0]), "Fortran"),
        ["negative size"] = (Npy(Header("<f4", "-1,"), [0, 0, 0, 0]), "no array header"),
        ["huge size"] = (Npy(Header("<f4", "99999999999999999999,"), [0, 0, 0, 0]), "beyond"),
        ["shape overflows"] = (Npy(Header("<f8", "2147483647, 2147483647, 2147483647"), [0, 0, 0, 0]), "overflows"),
        ["2 GiB"] = (Npy(Header("<f4", "536870912,"), [0, 0, 0, 0]), "bytes, at most"),
        ["1 GiB that is not there"] = (Npy(Header("<f4", "268435456,"), [0, 0, 0, 0]), "at most 4 follow"),
        ["data cut"] = (Npy(Header("<f4", "2,"), [0, 0, 0, 0]), "take 8 bytes but at most 4 follow"),
        ["data left over"] = (Npy(Header("<f4", "1,"), [0, 0, 0, 0, 0]), "goes on after"),
    };

    public static TheoryData<string> Kinds => [.. _damaged.Keys];

    [Theory(Timeout = 10_000)]
    [MemberData(nameof(Kinds))]
    public async Task Damage_is_one_clear_error(string kind)
    {
        await Task.Yield();
        using var temp = new TempFolder();
        Zip(temp.File("a.npz"), ("x.npy", _damaged[kind].Content));
        File.WriteAllBytes(temp.File("x.npy"), _damaged[kind].Content);
        using var file = new NpzFile(temp.File("a.npz"));

        var zipped = Assert.Throws<DataFileException>(() => file["x"]);
        var plain = Assert.Throws<DataFileException>(() => NpzFile.ReadNpy(temp.File("x.npy")));

        Assert.Equal((temp.File("a.npz"), "x"), (zipped.File, zipped.Entry));
        Assert.Contains(_damaged[kind].Expected, plain.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = 30_000)]
    public async Task Damaged_archives_give_that_error_too()
    {
        await Task.Yield();
        using var temp = new TempFolder();
        string path = temp.File("a.npz");
        Zip(path, ("x.npy", Npy(Header("<f4", "40, 5"), new byte[800])), ("y.npy", Npy(Header("|u1", "3,"), new byte[3])));
        byte[] good = File.ReadAllBytes(path);
        var random = new Random(3);
        int refused = 0;
        for (int trial = 0; trial < 2000; trial++)
        {
            byte[] bytes = trial < good.Length ? good[..trial] : (byte[])good.Clone();
            if (trial >= good.Length) for (int i = 0; i < 3; i++) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            File.WriteAllBytes(path, bytes);
            try
            {
                using var file = new NpzFile(path);
                foreach (string name in file.Names) Assert.Equal(file[name].Count, file[name].ToFloats().Length);
            }
            catch (DataFileException) { refused++; }
        }
        Assert.True(refused > 500, $"{refused} were refused.");
    }

    [Fact(Timeout = 30_000)]
    public async Task Published_networks_and_curves_read()
    {
        await Task.Yield();
        string data = TestData.Folder("ntm_reference");
        using var golden = new NpzFile(Path.Combine(data, "copy_seed11_golden.npz"));
        Assert.Equal([11, 128], golden["T5_read_w"].Shape.AsEnumerable());
        Assert.All(golden["T5_read_w"].ToDoubles().Chunk(128), row => Assert.InRange(row.Sum(), 0.999, 1.001));
        Assert.All(golden["T20_seq"].ToInt32(), bit => Assert.InRange(bit, 0, 1));
        using var weights = new NpzFile(Path.Combine(data, "copy_seed11_40000.npz"));
        Assert.Equal(65440, weights.ToStateDict().Sum(tensor => tensor.Count));
        Assert.Equal([8L, 120], weights.ToStateDict()["ntm.fc.weight"].Shape.AsEnumerable());
    }
}
