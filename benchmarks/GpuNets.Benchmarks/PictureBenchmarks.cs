using BenchmarkDotNet.Attributes;
using GpuNets.Training;
using SkiaSharp;

namespace GpuNets.Benchmarks;

/// <summary>
/// The host's share of a segmentation run: batches from JPEG files and PNG masks of 500x375, the same from memory, and pixels from
/// probabilities at cells. Pictures are noise on a ramp, which decodes slower than photographs.
/// </summary>
[MemoryDiagnoser(false)]
public class PictureBenchmarks
{
    private const int Pictures = 16;

    private readonly string _folder = Directory.CreateTempSubdirectory("gpunets-benchmark-").FullName;
    private SegmentationBatches _files = null!, _memory = null!, _small = null!;
    private CellMap _cells = null!;
    private long _next;

    [GlobalSetup]
    public void Setup()
    {
        var random = new Philox(1);
        var labels = new LabelMap(500, 375, [.. Enumerable.Range(0, 500 * 375).Select(i => (byte)(i / 4000 % 21))]);
        for (int i = 0; i < Pictures; i++)
        {
            var image = new RgbImage(500, 375, [.. Enumerable.Range(0, 3 * 500 * 375).Select(p => (byte)(p / 1500 % 200 + random.Below((uint)(p + i), 50)))]);
            using var bitmap = SKBitmap.Decode(image.ToPng());
            using var jpeg = bitmap.Encode(SKEncodedImageFormat.Jpeg, 90);
            File.WriteAllBytes(Path.Combine(_folder, $"{i}.jpg"), jpeg.ToArray());
            labels.Save(Path.Combine(_folder, $"{i}.png"), Palette.Voc);
        }
        var pairs = Enumerable.Range(0, Pictures).Select(i => (Path.Combine(_folder, $"{i}.jpg"), Path.Combine(_folder, $"{i}.png")));
        var data = new PairedImageData(pairs, ClassList.Voc);
        _files = new SegmentationBatches(data, new SegmentationBatchOptions(), 1);
        _memory = new SegmentationBatches(new CachedSegmentationData(data), new SegmentationBatchOptions(), 1);
        _small = new SegmentationBatches(new CachedSegmentationData(data), new SegmentationBatchOptions { Size = 8, CropWidth = 240, CropHeight = 176, Geometry = new CellGeometry(0, 8) }, 1);
        _cells = new CellMap(21, 47, 63, 8, [.. Enumerable.Range(0, 21 * 47 * 63).Select(i => random.Uniform((uint)i))]);
    }

    /// <summary>14 crops of 500x500 of pictures that are decoded.</summary>
    [Benchmark(Baseline = true, OperationsPerInvoke = 14), BenchmarkCategory("Batch")]
    public void Files() => _files.Get(_next++).Dispose();

    /// <summary>The same of pictures in memory.</summary>
    [Benchmark(OperationsPerInvoke = 14), BenchmarkCategory("Batch")]
    public void Memory() => _memory.Get(_next++).Dispose();

    /// <summary>8 crops of 240x176 of pictures in memory.</summary>
    [Benchmark(OperationsPerInvoke = 8), BenchmarkCategory("Batch")]
    public void Small() => _small.Get(_next++).Dispose();

    /// <summary>Classes of 500x375 pixels from 21 probabilities at 63x47 cells.</summary>
    [Benchmark, BenchmarkCategory("Prediction")]
    public LabelMap ArgMax() => _cells.ArgMax(500, 375);

    [GlobalCleanup]
    public void Cleanup() => Directory.Delete(_folder, recursive: true);
}
