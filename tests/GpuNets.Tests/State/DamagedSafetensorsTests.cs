using System.Text;
using static GpuNets.Tests.State.SafetensorsFileBuilder;

namespace GpuNets.Tests.State;

/// <summary>Files that lie about themselves give one clear error that names the file, and the tensor where there is one.</summary>
public sealed class DamagedSafetensorsTests
{
    private static readonly string _good = "{" + Entry("a", "F32", "[2,2]", 0, 16) + "}";

    private static readonly Dictionary<string, (byte[] Content, string Expected)> _damaged = new()
    {
        ["empty file"] = ([], "has 0 bytes"),
        ["five bytes"] = ([1, 2, 3, 4, 5], "has 5 bytes"),
        ["prefix only"] = (Build("", 0, 20), "only 0 follow"),
        ["no header"] = (Build("", 0), "not valid JSON"),
        ["header longer than the file"] = (Build(_good, 16, 5000), "may be truncated"),
        ["header of 100,000,001 bytes"] = (Build(_good, 16, 100_000_001), "allows 100000000"),
        ["header length 2^64-1"] = (Build(_good, 16, ulong.MaxValue), "18446744073709551615"),
        ["header length 2^63"] = (Build(_good, 16, 1UL << 63), "9223372036854775808"),
        ["header cut short"] = (Build(_good, 16, (ulong)_good.Length - 3), "not valid JSON"),
        ["header reaches into data"] = (Build(_good, 16, (ulong)_good.Length + 4), "not valid JSON"),
        ["not JSON"] = (Build("safetensors", 0), "not valid JSON"),
        ["an array"] = (Build("[]", 0), "must be a JSON object"),
        ["a number"] = (Build("12", 0), "must be a JSON object"),
        ["two objects"] = (Build("{}{}", 0), "not valid JSON"),
        ["comment"] = (Build("{/* */}", 0), "not valid JSON"),
        ["not UTF-8"] = (Build([(byte)'{', (byte)'"', 0xFF, (byte)'"', (byte)'}'], []), "not valid UTF-8"),
        ["overlong UTF-8"] = (Build([(byte)'{', (byte)'"', 0xC0, 0x80, (byte)'"', (byte)'}'], []), "not valid UTF-8"),
        ["half a surrogate pair"] = (Build("{" + Entry("\\ud800", "F32", "[]", 0, 4) + "}", 4), "not valid JSON"),
        ["nested too deep"] = (Build("{\"a\":" + new string('[', 100) + new string(']', 100) + "}", 0), "must be a JSON object"),
        ["unknown field nested too deep"] =
            (Build("{\"a\":{\"x\":" + new string('[', 100) + new string(']', 100) + "}}", 0), "not valid JSON"),
        ["name twice"] = (Build("{" + Entry("a", "F32", "[1]", 0, 4) + "," + Entry("a", "F32", "[1]", 4, 8) + "}", 8), "\"a\" occurs twice"),
        ["name twice, once escaped"] =
            (Build("{" + Entry("a", "F32", "[1]", 0, 4) + "," + Entry("\\u0061", "F32", "[1]", 4, 8) + "}", 8), "\"a\" occurs twice"),
        ["metadata twice"] = (Build("{\"__metadata__\":{},\"__metadata__\":{}}", 0), "occurs twice"),
        ["metadata key twice"] = (Build("{\"__metadata__\":{\"k\":\"1\",\"k\":\"2\"}}", 0), "occurs twice"),
        ["metadata is a list"] = (Build("{\"__metadata__\":[]}", 0), "__metadata__ must be a JSON object"),
        ["metadata value is a number"] = (Build("{\"__metadata__\":{\"k\":1}}", 0), "must be a JSON string"),
        ["tensor is a string"] = (Build("{\"a\":\"F32\"}", 0), "\"a\": the description must be a JSON object"),
        ["dtype missing"] = (Build("{\"a\":{\"shape\":[1],\"data_offsets\":[0,4]}}", 4), "dtype is missing"),
        ["shape missing"] = (Build("{\"a\":{\"dtype\":\"F32\",\"data_offsets\":[0,4]}}", 4), "shape is missing"),
        ["offsets missing"] = (Build("{\"a\":{\"dtype\":\"F32\",\"shape\":[1]}}", 4), "data_offsets is missing"),
        ["dtype twice"] = (Build("{\"a\":{\"dtype\":\"F32\",\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", 4), "dtype occurs twice"),
        ["unknown dtype"] = (Build("{" + Entry("a", "F33", "[1]", 0, 4) + "}", 4), "unknown dtype \"F33\""),
        ["dtype in small letters"] = (Build("{" + Entry("a", "f32", "[1]", 0, 4) + "}", 4), "unknown dtype"),
        ["dtype as a number"] = (Build("{" + Entry("a", "17", "[1]", 0, 4) + "}", 4), "unknown dtype \"17\""),
        ["dtype null"] = (Build("{\"a\":{\"dtype\":null,\"shape\":[1],\"data_offsets\":[0,4]}}", 4), "dtype must be a JSON string"),
        ["negative size"] = (Build("{" + Entry("a", "F32", "[-1]", 0, 4) + "}", 4), "whole numbers from 0"),
        ["size with a fraction"] = (Build("{" + Entry("a", "F32", "[1.5]", 0, 4) + "}", 4), "whole numbers from 0"),
        ["size beyond int64"] = (Build("{" + Entry("a", "F32", "[9223372036854775808]", 0, 4) + "}", 4), "whole numbers from 0"),
        ["size as text"] = (Build("{" + Entry("a", "F32", "[\"1\"]", 0, 4) + "}", 4), "must be a JSON number"),
        ["65 dimensions"] = (Build("{" + Entry("a", "F32", "[" + string.Join(",", Enumerable.Repeat(1, 65)) + "]", 0, 4) + "}", 4), "more than 64"),
        ["shape product overflows"] = (Build("{" + Entry("a", "F32", "[4294967296,4294967296]", 0, 4) + "}", 4), "overflows"),
        ["bits overflow"] = (Build("{" + Entry("a", "F32", "[1152921504606846976]", 0, 4) + "}", 4), "overflows"),
        ["too few bytes for the shape"] = (Build("{" + Entry("a", "F32", "[2]", 0, 4) + "}", 4), "takes 8 bytes but data_offsets [0, 4] hold 4"),
        ["element size differs"] = (Build("{" + Entry("a", "F64", "[2]", 0, 8) + "}", 8), "takes 16 bytes"),
        ["odd count of 4-bit elements"] = (Build("{" + Entry("a", "F4", "[3]", 0, 2) + "}", 2), "no whole bytes"),
        ["three offsets"] = (Build("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4,8]}}", 4), "more than 2 numbers"),
        ["one offset"] = (Build("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0]}}", 4), "has 1 numbers"),
        ["offsets reversed"] = (Build("{" + Entry("a", "F32", "[1]", 4, 0) + "}", 4), "end before they begin"),
        ["negative offset"] = (Build("{" + Entry("a", "F32", "[1]", -4, 0) + "}", 4), "whole numbers from 0"),
        ["offsets beyond the file"] = (Build(_good, 15), "may be truncated"),
        ["offsets far beyond the file"] = (Build("{" + Entry("a", "U8", "[4611686018427387904]", 0, 1L << 62) + "}", 4), "overflows"),
        ["a petabyte"] = (Build("{" + Entry("a", "U8", "[1125899906842624]", 0, 1L << 50) + "}", 4), "may be truncated"),
        ["overlap"] = (Build("{" + Entry("a", "F32", "[2]", 0, 8) + "," + Entry("b", "F32", "[2]", 4, 12) + "}", 12), "\"b\": data_offsets [4, 12] overlap"),
        ["same bytes twice"] = (Build("{" + Entry("a", "F32", "[1]", 0, 4) + "," + Entry("b", "F32", "[1]", 0, 4) + "}", 4), "overlap"),
        ["gap"] = (Build("{" + Entry("a", "F32", "[1]", 0, 4) + "," + Entry("b", "F32", "[1]", 8, 12) + "}", 12), "leave a gap after byte 4"),
        ["gap at the start"] = (Build("{" + Entry("a", "F32", "[1]", 4, 8) + "}", 8), "leave a gap after byte 0"),
        ["bytes left over"] = (Build(_good, 20), "cover 16 bytes but the data has 20"),
    };

    public static TheoryData<string> Kinds => [.. _damaged.Keys];

    [Theory(Timeout = 10_000)]
    [MemberData(nameof(Kinds))]
    public async Task Damage_is_one_clear_error(string kind)
    {
        await Task.Yield();
        using var folder = new TempFolder();
        string path = folder.File("model.safetensors");
        File.WriteAllBytes(path, _damaged[kind].Content);

        long before = GC.GetAllocatedBytesForCurrentThread();
        var error = Assert.Throws<StateDictException>(() => StateDict.Load(path));
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(path, error.File);
        Assert.StartsWith(path, error.Message, StringComparison.Ordinal);
        Assert.Contains(_damaged[kind].Expected, error.Message, StringComparison.Ordinal);
        Assert.True(allocated < 2_000_000, $"{allocated} bytes were allocated for a file of {_damaged[kind].Content.Length}.");
    }

    [Fact(Timeout = 10_000)]
    public async Task Messages_stay_readable_when_names_are_huge_or_hold_control_characters()
    {
        await Task.Yield();
        using var folder = new TempFolder();
        string path = folder.File("model.safetensors");
        File.WriteAllBytes(path, Build("{" + Entry("\\u001b[2J\\n" + new string('x', 100_000), "F32", "[2]", 0, 4) + "}", 4));

        var error = Assert.Throws<StateDictException>(() => StateDict.Load(path));

        Assert.True(error.Message.Length < path.Length + 400);
        Assert.DoesNotContain(error.Message, char.IsControl);
    }

    [Fact(Timeout = 60_000)]
    public async Task Mutated_files_never_give_anything_but_that_error()
    {
        await Task.Yield();
        using var folder = new TempFolder();
        string path = folder.File("model.safetensors");
        var state = new StateDict { Metadata = { ["format"] = "pt" } };
        state.Add(StateTensor.From("hidden.weight", [3, 4], new float[12]));
        state.Add(StateTensor.From("step", [], [7L]));
        state.Add(StateTensor.From("empty", [0, 5], ReadOnlySpan<float>.Empty));
        state.Save(path);
        byte[] good = File.ReadAllBytes(path);
        var random = new Random(12345);
        byte[] interesting = [.. "{}[]\",:-0123456789eE.\\ /ntfu"u8, 0, 0x80, 0xFF];

        int loaded = 0, refused = 0;
        for (int trial = 0; trial < 4000; trial++)
        {
            List<byte> bytes = [.. good];
            for (int edits = 1 + random.Next(4); edits > 0; edits--) Mutate(bytes, random, interesting);
            File.WriteAllBytes(path, [.. bytes]);
            try
            {
                foreach (var tensor in StateDict.Load(path))
                    if (tensor.Type.IsConvertible()) Assert.Equal(tensor.Count, tensor.ToFloats().Length);
                loaded++;
            }
            catch (StateDictException e)
            {
                Assert.StartsWith(path, e.Message, StringComparison.Ordinal);
                refused++;
            }
        }
        Assert.True(refused > 2000, $"{refused} files were refused, {loaded} loaded.");
        Assert.True(loaded > 10, $"{refused} files were refused, {loaded} loaded.");
    }

    private static void Mutate(List<byte> bytes, Random random, byte[] interesting)
    {
        // Mostly in the prefix and the header: changed data bytes are no damage that the format can see.
        int place = random.Next(Math.Min(bytes.Count, 300));
        switch (random.Next(5))
        {
            case 0: bytes[place] = (byte)random.Next(256); break;
            case 1: bytes[place] = interesting[random.Next(interesting.Length)]; break;
            case 2: bytes.Insert(place, interesting[random.Next(interesting.Length)]); break;
            case 3: bytes.RemoveRange(place, Math.Min(1 + random.Next(8), bytes.Count - place)); break;
            default: bytes.InsertRange(place, bytes.GetRange(place, Math.Min(1 + random.Next(40), bytes.Count - place))); break;
        }
        if (bytes.Count == 0) bytes.Add(0);
    }

    [Fact(Timeout = 10_000)]
    public async Task Every_truncation_of_a_file_is_refused()
    {
        await Task.Yield();
        using var folder = new TempFolder();
        string path = folder.File("model.safetensors");
        byte[] good = Build(Encoding.UTF8.GetBytes(_good), new byte[16]);
        for (int length = 0; length < good.Length; length++)
        {
            File.WriteAllBytes(path, good[..length]);
            Assert.Throws<StateDictException>(() => StateDict.Load(path));
        }
    }

    [Fact(Timeout = 10_000)]
    public async Task A_folder_or_a_missing_file_says_so()
    {
        await Task.Yield();
        using var folder = new TempFolder();
        Assert.Contains("folder", Assert.Throws<StateDictException>(() => StateDict.Load(folder.Path)).Message, StringComparison.Ordinal);
        Assert.Contains("absent", Assert.Throws<FileNotFoundException>(() => StateDict.Load(folder.File("absent"))).Message, StringComparison.Ordinal);
    }
}
