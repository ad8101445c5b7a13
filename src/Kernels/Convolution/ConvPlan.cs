namespace GpuNets.Kernels;

/// <summary>How a convolution is computed.</summary>
internal enum ConvForm
{
    /// <summary>Register tiles over the laid-out source; see the host, item and team kernels.</summary>
    Tiles,

    /// <summary>One thread per output (a team per gradient of a weight): few terms, or outputs that fill no tile.</summary>
    Direct,

    /// <summary>A matrix product per image: kernels of one tap that take every element once, where they can.</summary>
    Product,

    /// <summary>Tiles on the tensor cores of a GPU, operands rounded to tf32.</summary>
    Tf32,

    /// <summary>Tiles on the tensor cores of a GPU, operands rounded to bfloat16.</summary>
    BFloat16,
}

/// <summary>How the host cuts a convolution: lines of tiles are rows of the grid, or the lattice of some images.</summary>
internal readonly record struct HostConvPlan(bool ByRows, int Images, int Rows, int Channels);

/// <summary>How the host cuts a gradient to weights, whose sums over so many parts of the batch are added last.</summary>
internal readonly record struct HostGradientPlan(int Images, int Rows, int Terms, int Channels, int Splits);

/// <summary>The one table of forms and block sizes of convolutions.</summary>
internal static class ConvPlan
{
    /// <summary>Terms of a sum between two visits of its target: so many rows of tiles of source and weight stay in the first cache.</summary>
    private const int TermBlock = 320;

    /// <summary>Floats of a laid-out part of a source: a quarter of the second cache.</summary>
    private const int LatticeBlock = 1 << 16;

    /// <summary>Positions of a line from which on there is no need to lay several images side by side.</summary>
    private const int LongLine = 256;

    /// <summary>Parts of work that keep a few threads evenly busy.</summary>
    private const int WantedParts = 8;

    /// <summary>Fewest outputs of a group, and weights of one, that are worth a tile of a GPU.</summary>
    private const int SmallestTeamTile = 8, SmallestTeamGradient = 64;

    /// <summary>Fewest outputs and terms of a tile of 128 x 128 on tensor cores: with fewer it is mostly empty.</summary>
    private const int SmallestTensorTile = 33, FewestTensorTerms = 32;

    /// <summary>The form of a problem on a device.</summary>
    public static ConvForm Form(TapConv conv, Device device) => device.Form switch
    {
        ExecutionForm.Host => ConvForm.Tiles,
        _ when IsProduct(conv) => ConvForm.Product,
        // A tile of one row where there is one output: still a whole vector of positions.
        ExecutionForm.Serial => ConvForm.Tiles,
        _ => conv.Out >= SmallestTeamTile && HasTeams(device) ? Tiles(conv, device) : ConvForm.Direct,
    };

    /// <summary>The form of the gradient to the weight of a problem: a tile needs some channels on both sides.</summary>
    public static ConvForm GradientForm(TapConv conv, Device device) => device.Form switch
    {
        ExecutionForm.Host or ExecutionForm.Serial => conv.In > 1 && conv.Out > 1 ? ConvForm.Tiles : ConvForm.Direct,
        _ => conv.Out * conv.Terms >= SmallestTeamGradient && conv.Out > 1 && HasTeams(device) ? Tiles(conv, device) : ConvForm.Direct,
    };

    private static ConvForm Tiles(TapConv conv, Device device) => Tiles(conv, device.HasTensorCores ? device.Precision : Precision.Float32);

    /// <summary>The tiles of a GPU: on tensor cores where the precision allows it and they are filled.</summary>
    public static ConvForm Tiles(TapConv conv, Precision precision) =>
        conv.Out < SmallestTensorTile || conv.Terms < FewestTensorTerms ? ConvForm.Tiles : precision switch
        {
            Precision.Tf32 => ConvForm.Tf32,
            Precision.BFloat16 => ConvForm.BFloat16,
            _ => ConvForm.Tiles,
        };

    /// <summary>Whether a problem is a matrix product per image.</summary>
    public static bool IsProduct(TapConv conv) =>
        conv is { Groups: 1, Mask: null, CoversTarget: true, StepY: 1, StepX: 1, Taps: [{ Y: 0, X: 0, Index: 0 }] } && conv.SourcePlane == conv.TargetPlane;

    /// <summary>Whether a GPU has the groups that team kernels are made for.</summary>
    public static bool HasTeams(Device device) => device.Accelerator.MaxNumThreadsPerGroup >= TeamGemmLauncher.GroupSize;

    /// <summary>GPUs: large tiles where there are enough of them for every unit.</summary>
    public static bool LargeTeams(int rows, int columns, int products, int units) =>
        rows > 64 && columns > 64 && (long)((rows + 127) / 128) * ((columns + 127) / 128) * products >= units;

    /// <summary>CPUs under OpenCL: parts of the batch with sums of their own in a gradient to the weight.</summary>
    public static int ItemSplits(int batch) => Math.Min(batch, WantedParts);

    /// <summary>
    /// GPUs: positions of an image that one group adds up in a gradient to the weight, a multiple of every stage: so many groups that all
    /// units have work, but no more sums than a few times what they are summed from.
    /// </summary>
    public static int TeamChunk(int length, int tiles, int images, int units)
    {
        int chunk = Math.Max(512, (length + 31) / 32 * 32);
        while (chunk > 512 && (long)tiles * images * ((length + chunk - 1) / chunk) < 2L * units) chunk = Math.Max(512, (chunk / 2 + 31) / 32 * 32);
        return chunk;
    }

    /// <summary>Cuts a problem for the host.</summary>
    public static HostConvPlan Host(TapConv conv, int tileRows, int tileColumns)
    {
        var whole = new Lattice(conv, conv.Rows);
        int images = whole.InPlace || whole.Height * whole.Pitch >= LongLine ? 1
            : Math.Clamp(LongLine / (whole.Height * whole.Pitch), 1, conv.Batch);
        int pitch = whole.InPlace ? conv.SourceWidth : whole.Pitch, halo = whole.Height - conv.Rows;
        int channels = Even(conv.In, Math.Max(1, TermBlock / Math.Max(1, conv.Taps.Length)));

        // A cut tile costs like a whole one, at most half of one a little more than half; sums over lines are moved once more.
        double rest = conv.Columns % tileColumns == 0 ? 0 : conv.Columns % tileColumns <= tileColumns / 2 ? 0.55 : 1;
        double byRows = (double)images * conv.Rows * (conv.Columns / tileColumns + rest);
        double byLines = Math.Ceiling(((double)((images - 1) * whole.Height + conv.Rows - 1) * pitch + conv.Columns) / tileColumns)
            * (1 + 16.0 / Math.Max(1, channels * conv.Taps.Length));
        int rows = conv.Rows;
        if (images == 1)
        {
            int fit = LatticeBlock / Math.Max(1, channels * whole.Phases.Length * pitch) - halo;
            if (!whole.InPlace) rows = Math.Clamp(fit, Math.Min(4, conv.Rows), conv.Rows);
            rows = Even(conv.Rows, rows);
            while (conv.Flops > 1e7 && rows > 8 && conv.Batch * conv.Groups * ((conv.Rows + rows - 1) / rows) < WantedParts) rows = (rows + 1) / 2;
        }
        return new(conv.IsDense && byRows <= byLines, images, rows, channels);
    }

    /// <summary>Cuts a gradient to weights for the host.</summary>
    public static HostGradientPlan HostGradient(TapConv conv, int tileRows, int tileColumns)
    {
        var whole = new Lattice(conv, conv.Rows);
        int images = whole.InPlace || whole.Height * whole.Pitch >= LongLine ? 1
            : Math.Clamp(LongLine / (whole.Height * whole.Pitch), 1, conv.Batch);
        int pitch = whole.InPlace ? conv.SourceWidth : whole.Pitch, halo = whole.Height - conv.Rows;
        int channels = conv.In, rows = conv.Rows, terms = rows;
        if (images == 1)
        {
            // Half of the channels before few rows: the halo is laid out once more for every block of rows.
            if (!whole.InPlace)
            {
                while (channels > 2 * tileRows && LatticeBlock / (channels * whole.Phases.Length * pitch) - halo < Math.Min(conv.Rows, 16)) channels = (channels + 1) / 2;
                rows = Math.Clamp(LatticeBlock / (channels * whole.Phases.Length * pitch) - halo, Math.Min(4, conv.Rows), conv.Rows);
            }
            rows = Even(conv.Rows, rows);
            terms = Math.Clamp(LongLine / pitch, 1, rows);
        }
        int units = (conv.Batch + images - 1) / images * ((conv.Rows + rows - 1) / rows), panels = (conv.Out + tileColumns - 1) / tileColumns;
        // Each part of the batch has sums of its own, of the size of the weight: few where they would be much of the work.
        int splits = conv.Flops < 1e7 ? 1 : Math.Clamp(WantedParts / (panels * conv.Groups), 1, units);
        return new(images, rows, terms, channels, splits);
    }

    /// <summary>The length of equal blocks that are no longer than <paramref name="most"/>.</summary>
    private static int Even(int length, int most)
    {
        int blocks = (length + most - 1) / most;
        return blocks == 0 ? 1 : (length + blocks - 1) / blocks;
    }
}
