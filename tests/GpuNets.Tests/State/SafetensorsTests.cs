using System.Runtime.InteropServices;
using System.Text;
using static GpuNets.Tests.State.SafetensorsFileBuilder;

namespace GpuNets.Tests.State;

public sealed class SafetensorsTests
{
    [Fact(Timeout = 10_000)]
    public async Task Saved_and_loaded_is_equal_bit_for_bit()
    {
        await Task.Yield();
        using var folder = new TempFolder();
        string path = folder.File("model.safetensors");
        float[] floats = [1.5f, -0f, float.NaN, float.Epsilon, float.PositiveInfinity, BitConverter.Int32BitsToSingle(0x7FC12345)];
        var state = new StateDict { Metadata = { ["format"] = "pt", ["note"] = "größer \"x\"" } };
        state.Add(StateTensor.From("hidden.weight", [2, 3], floats));
        state.Add(StateTensor.From("counter", [], [ulong.MaxValue]));
        state.Add(StateTensor.From("ünïcode.名", [1], [-7]));
        state.Add(StateTensor.From("steps", [2], [long.MinValue, 5]));
        state.Add(StateTensor.From("empty", [0, 3], ReadOnlySpan<float>.Empty));
        state.Save(path);

        var loaded = StateDict.Load(path);

        Assert.Equal(5, loaded.Count);
        Assert.Equal(state.Metadata, loaded.Metadata);
        foreach (var tensor in state)
        {
            Assert.Equal(tensor.Type, loaded[tensor.Name].Type);
            Assert.Equal(tensor.Shape.AsEnumerable(), loaded[tensor.Name].Shape);
            Assert.True(tensor.Bytes.Span.SequenceEqual(loaded[tensor.Name].Bytes.Span), tensor.Name);
        }
        Assert.Equal([ulong.MaxValue], loaded["counter"].ToUInt64());
        Assert.Equal([long.MinValue, 5], loaded["steps"].ToInt64());
        Assert.Equal([-7], loaded["ünïcode.名"].ToInt32());
    }

    [Fact(Timeout = 10_000)]
    public async Task Files_have_the_layout_of_the_format()
    {
        await Task.Yield();
        var state = new StateDict();
        state.Add(StateTensor.From("a", [3], [1f, 2f, 3f]));
        state.Add(StateTensor.From("n", [], [9L]));
        using var stream = new MemoryStream();
        state.Write(stream);
        byte[] file = stream.ToArray();

        long header = BitConverter.ToInt64(file);
        string text = Encoding.UTF8.GetString(file, 8, (int)header);
        Assert.Equal(0, header % 8);
        Assert.Equal("""{"n":{"dtype":"I64","shape":[],"data_offsets":[0,8]},"a":{"dtype":"F32","shape":[3],"data_offsets":[8,20]}}""", text.TrimEnd(' '));
        Assert.Equal(9L, BitConverter.ToInt64(file, 8 + (int)header));
        Assert.Equal([1f, 2f, 3f], MemoryMarshal.Cast<byte, float>(file.AsSpan(16 + (int)header)).ToArray());
    }

    [Fact(Timeout = 10_000)]
    public async Task Parameter_order_survives()
    {
        await Task.Yield();
        using var folder = new TempFolder();
        string[] names = ["z", "a", "m.2", "m.10"];
        var state = new StateDict();
        foreach (string name in names) state.Add(StateTensor.From(name, [1], [1f]));
        state.Save(folder.File("s"));
        Assert.Equal(names, StateDict.Load(folder.File("s")).Names);
    }

    public static TheoryData<SafetensorsType, string, float[]> Conversions => new()
    {
        { SafetensorsType.BOOL, "00 01", [0, 1] },
        { SafetensorsType.U8, "00 FF", [0, 255] },
        { SafetensorsType.I8, "80 7F", [-128, 127] },
        { SafetensorsType.U16, "FF FF 01 00", [65535, 1] },
        { SafetensorsType.I16, "00 80 FF 7F", [-32768, 32767] },
        { SafetensorsType.U32, "FF FF FF FF", [4294967295f] },
        { SafetensorsType.I32, "00 00 00 80", [-2147483648f] },
        { SafetensorsType.U64, "FF FF FF FF FF FF FF FF", [18446744073709551615f] },
        { SafetensorsType.I64, "00 00 00 00 00 00 00 80 01 00 00 00 00 00 00 00", [-9223372036854775808f, 1] },
        { SafetensorsType.F16, "00 3C 01 00 00 7C FF 7B", [1f, 5.9604645e-8f, float.PositiveInfinity, 65504f] },
        { SafetensorsType.BF16, "80 3F C0 7F 80 FF", [1f, float.NaN, float.NegativeInfinity] },
        { SafetensorsType.F32, "00 00 80 3F", [1f] },
        { SafetensorsType.F64, "9A 99 99 99 99 99 B9 3F", [0.1f] },
        { SafetensorsType.F8_E5M2, "3C 7B 7C FC 7D 01 80", [1f, 57344f, float.PositiveInfinity, float.NegativeInfinity, float.NaN, 1.5258789e-5f, -0f] },
        { SafetensorsType.F8_E4M3, "38 7E 7F FF 01 B8", [1f, 448f, float.NaN, float.NaN, 0.001953125f, -1f] },
        { SafetensorsType.F8_E8M0, "7F 80 FF 00 FE", [1f, 2f, float.NaN, 5.877472e-39f, 1.7014118e38f] },
        { SafetensorsType.F8_E4M3FNUZ, "40 7F 80 01", [1f, 240f, float.NaN, 0.0009765625f] },
        { SafetensorsType.F8_E5M2FNUZ, "40 7F 80 01", [1f, 57344f, float.NaN, 7.62939453125e-6f] },
    };

    [Theory(Timeout = 10_000)]
    [MemberData(nameof(Conversions))]
    public async Task Every_type_converts_to_float(SafetensorsType type, string hex, float[] expected)
    {
        await Task.Yield();
        using var folder = new TempFolder();
        byte[] data = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
        string header = "{" + Entry("t", type.ToString(), $"[{expected.Length}]", 0, data.Length) + "}";
        File.WriteAllBytes(folder.File("t"), Build(Encoding.UTF8.GetBytes(header), data));

        Assert.Equal(expected, StateDict.Load(folder.File("t"))["t"].ToFloats());

        using var reader = new SafetensorsReader(folder.File("t"));
        var tail = new float[expected.Length - 1];
        reader.Read("t", 1, tail);
        Assert.Equal(expected[1..], tail);
    }

    [Fact(Timeout = 10_000)]
    public async Task Every_type_of_the_format_is_listed_and_each_is_converted_or_refused()
    {
        await Task.Yield();
        using var folder = new TempFolder();
        var converted = Conversions.Select(row => row.Data.Item1).ToHashSet();
        foreach (var type in Enum.GetValues<SafetensorsType>().Where(t => !converted.Contains(t)))
        {
            Assert.Contains(type.ToString(), new[] { "F4", "F6_E2M3", "F6_E3M2", "C64" });
            string header = "{" + Entry("t", type.ToString(), "[4]", 0, type.Bits() / 2) + "}";
            File.WriteAllBytes(folder.File("t"), Build(header, type.Bits() / 2));
            var error = Assert.Throws<StateDictException>(() => StateDict.Load(folder.File("t"))["t"].ToFloats());
            Assert.Contains($"type {type} cannot be converted to float", error.Message, StringComparison.Ordinal);
            using var reader = new SafetensorsReader(folder.File("t"));
            Assert.Throws<StateDictException>(() => reader.Read("t", 0, new float[4]));
        }
    }

    [Fact(Timeout = 10_000)]
    public async Task Integers_convert_exactly_or_not_at_all()
    {
        await Task.Yield();
        var large = StateTensor.From("large", [2], [1L, 1L << 40]);
        Assert.Equal([1UL, 1UL << 40], large.ToUInt64());
        Assert.Contains("element 1 is 1099511627776", Assert.Throws<StateDictException>(large.ToInt32).Message, StringComparison.Ordinal);
        Assert.Throws<StateDictException>(() => StateTensor.From("n", [1], [-1]).ToUInt64());
        Assert.Throws<StateDictException>(() => StateTensor.From("n", [1], [ulong.MaxValue]).ToInt64());
        Assert.Throws<StateDictException>(() => StateTensor.From("f", [1], [1f]).ToInt32());
    }

    [Fact(Timeout = 20_000)]
    public async Task Reading_one_tensor_of_a_large_file_costs_that_tensor()
    {
        await Task.Yield();
        using var folder = new TempFolder();
        string path = folder.File("large");
        var state = new StateDict();
        state.Add(StateTensor.From("large", [4, 1 << 20], new float[4 << 20]));
        state.Add(StateTensor.From("small", [100_000], [.. Enumerable.Range(0, 100_000).Select(i => (float)i)]));
        state.Save(path);

        long before = GC.GetAllocatedBytesForCurrentThread();
        using var reader = new SafetensorsReader(path);
        var values = new float[50_000];
        reader.Read("small", 40_000, values);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(40_000f, values[0]);
        Assert.Equal(89_999f, values[^1]);
        Assert.True(allocated < 400_000, $"{allocated} bytes were allocated.");
        Assert.Throws<ArgumentOutOfRangeException>(() => reader.Read("small", 60_000, values));
        Assert.Throws<StateDictException>(() => reader.Read("absent", 0, values));
    }

    [Fact(Timeout = 10_000)]
    public async Task Unknown_fields_and_any_order_of_tensors_are_fine()
    {
        await Task.Yield();
        using var folder = new TempFolder();
        string header = "{" + Entry("b", "I32", "[1]", 4, 8) + ",\"a\":{\"shape\":[1],\"extra\":{\"x\":[1]},\"data_offsets\":[0,4],\"dtype\":\"F32\"}}   \n";
        File.WriteAllBytes(folder.File("t"), Build(header, 8));
        using var reader = new SafetensorsReader(folder.File("t"));
        Assert.Equal(["a", "b"], reader.Entries.Select(e => e.Name));
        Assert.Equal("a F32 [1]", reader.Entry("a").ToString());
    }

    [Fact(Timeout = 10_000)]
    public async Task Tensors_that_contradict_themselves_are_refused()
    {
        await Task.Yield();
        Assert.Throws<ArgumentException>(() => StateTensor.From("a", [2, 2], [1f]));
        Assert.Throws<ArgumentException>(() => StateTensor.From("a", [-1], [1f]));
        Assert.Throws<ArgumentException>(() => StateTensor.From("__metadata__", [1], [1f]));
        var state = new StateDict();
        state.Add(StateTensor.From("a", [1], [1f]));
        Assert.Throws<ArgumentException>(() => state.Add(StateTensor.From("a", [1], [1f])));
    }
}
