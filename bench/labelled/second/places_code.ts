/** Code in which a chosen password or a vendor's key stands: calls, constants, arguments, literals. */

import type { Place } from "./chance.ts";

export const PASSWORDS_IN_CODE: readonly Place[] = [
  [
    "app/mail.py",
    (s) =>
      `server = smtplib.SMTP("smtp.acme.net", 587)\nserver.starttls()\nserver.login("noreply@acme.net", "${s}")\n`,
  ],
  [
    "app/ssh.py",
    (s) =>
      `ssh = paramiko.SSHClient()\nssh.connect("10.1.0.8", username="deploy", password="${s}")\n`,
  ],
  ["jobs/pull.py", (s) => `r = requests.get(URL, auth=("svc-report", "${s}"), timeout=10)\n`],
  [
    "jobs/auth.py",
    (s) => `from requests.auth import HTTPBasicAuth\nauth = HTTPBasicAuth('svc-report', '${s}')\n`,
  ],
  [
    "jobs/ftp.py",
    (s) => `ftp = FTP("ftp.acme.net")\nftp.login("mirror", "${s}")\nftp.cwd("/in")\n`,
  ],
  [
    "db/conn.py",
    (s) =>
      `conn = psycopg2.connect(host="10.0.0.4", dbname="shop", user="shop", password="${s}")\n`,
  ],
  ["db/my.py", (s) => `db = MySQLdb.connect("10.0.0.4", "shop", "${s}", "shop")\n`],
  [
    "db/pym.py",
    (s) =>
      `DB = {\n    'host': 'localhost',\n    'user': 'shop',\n    'passwd': '${s}',\n    'db': 'shop',\n}\n`,
  ],
  [
    "core/settings.py",
    (s) =>
      `DATABASES = {\n    "default": {\n        "ENGINE": "django.db.backends.postgresql",\n        "USER": "shop",\n        "PASSWORD": "${s}",\n    }\n}\n`,
  ],
  [
    "core/mail_settings.py",
    (s) => `EMAIL_HOST_USER = "noreply@acme.net"\nEMAIL_HOST_PASSWORD = "${s}"\n`,
  ],
  [
    "ldap/bind.py",
    (s) => `con = ldap.initialize(URI)\ncon.simple_bind_s("cn=admin,dc=acme,dc=net", "${s}")\n`,
  ],
  [
    "imap/read.py",
    (s) => `box = imaplib.IMAP4_SSL("imap.acme.net")\nbox.login('inbox@acme.net', '${s}')\n`,
  ],
  ["cache.py", (s) => `pool = redis.Redis(host="cache", port=6379, password="${s}", db=0)\n`],
  ["src/Mail.java", (s) => `return new PasswordAuthentication("noreply@acme.net", "${s}");\n`],
  [
    "src/Http.java",
    (s) => `creds.setCredentials(AuthScope.ANY, new UsernamePasswordCredentials("svc", "${s}"));\n`,
  ],
  [
    "src/Jdbc.java",
    (s) =>
      `Connection con = DriverManager.getConnection("jdbc:mysql://10.0.0.4/shop", "shop", "${s}");\n`,
  ],
  ["src/Pool.java", (s) => `ds.setUrl(url);\nds.setUsername("shop");\nds.setPassword("${s}");\n`],
  ["src/Keys.java", (s) => `char[] storePass = "${s}".toCharArray();\nks.load(in, storePass);\n`],
  [
    "src/Security.java",
    (s) => `auth.inMemoryAuthentication().withUser("ops").password("{noop}${s}").roles("ADMIN");\n`,
  ],
  [
    "src/Env.java",
    (s) =>
      `  private static final String DB_PASS = "${s}";\n  private static final int PORT = 5432;\n`,
  ],
  ["app/Api.kt", (s) => `val okHttp = Credentials.basic("mobile", "${s}")\n`],
  [
    "app/build.gradle",
    (s) =>
      `signingConfigs {\n    release {\n        storeFile file("acme.jks")\n        storePassword "${s}"\n        keyAlias "acme"\n    }\n}\n`,
  ],
  [
    "app/build2.gradle",
    (s) => `    release {\n        keyAlias 'acme'\n        keyPassword '${s}'\n    }\n`,
  ],
  ["app/build.gradle.kts", (s) => `credentials {\n    username = "ci"\n    password = "${s}"\n}\n`],
  [
    "Services/Smtp.cs",
    (s) => `client.Credentials = new NetworkCredential("noreply@acme.net", "${s}");\n`,
  ],
  [
    "Services/Db.cs",
    (s) =>
      `var builder = new NpgsqlConnectionStringBuilder { Host = "db", Username = "shop", Password = "${s}" };\n`,
  ],
  ["Services/Seed.cs", (s) => `var result = await userManager.CreateAsync(admin, "${s}");\n`],
  ["Services/Old.vb", (s) => `Dim dbPassword As String = "${s}"\n`],
  ["config/db.php", (s) => `<?php\n$db_user = 'shop';\n$db_pass = '${s}';\n$db_name = 'shop';\n`],
  ["config/const.php", (s) => `define('DB_USER', 'shop');\ndefine('DB_PASS', '${s}');\n`],
  [
    "config/database.php",
    (s) =>
      `'mysql' => [\n    'driver' => 'mysql',\n    'password' => env('DB_PASSWORD', '${s}'),\n],\n`,
  ],
  ["lib/mail.php", (s) => `$mail->Username = 'noreply@acme.net';\n$mail->Password = '${s}';\n`],
  ["lib/old.php", (s) => `$conn = mysql_connect('localhost', 'shop', '${s}') or die('no');\n`],
  ["lib/oo.php", (s) => `$db = new mysqli("localhost", "shop", "${s}", "shop");\n`],
  ["lib/pdo.php", (s) => `$pdo = new PDO("pgsql:host=db;dbname=shop", "shop", "${s}");\n`],
  [
    "src/db.js",
    (s) =>
      `const pool = mysql.createPool({ host: 'db', user: 'shop', password: '${s}', database: 'shop' });\n`,
  ],
  [
    "src/models.js",
    (s) => `const sequelize = new Sequelize('shop', 'shop', '${s}', { dialect: 'postgres' });\n`,
  ],
  [
    "src/mailer.js",
    (s) =>
      `const t = nodemailer.createTransport({\n  host: 'smtp.acme.net',\n  auth: { user: 'noreply@acme.net', pass: '${s}' },\n});\n`,
  ],
  ["src/jwt.js", (s) => `const token = jwt.sign({ id: user.id }, '${s}', { expiresIn: '1d' });\n`],
  ["src/session.js", (s) => `app.use(session({\n  secret: '${s}',\n  resave: false,\n}));\n`],
  [
    "src/login.ts",
    (s) => `await page.fill('#user', 'ops@acme.net');\nawait page.fill('#password', '${s}');\n`,
  ],
  ["lib/seed.rb", (s) => `User.create!(email: 'ops@acme.net', password: '${s}', admin: true)\n`],
  [
    "lib/conn.rb",
    (s) => `client = Mysql2::Client.new(:host => "db", :username => "shop", :password => "${s}")\n`,
  ],
  ["config/deploy.rb", (s) => `set :user, 'deploy'\nset :password, '${s}'\n`],
  [
    "store.go",
    (s) =>
      `rdb := redis.NewClient(&redis.Options{\n\tAddr:     "cache:6379",\n\tPassword: "${s}",\n})\n`,
  ],
  ["mail.go", (s) => `auth := smtp.PlainAuth("", "noreply@acme.net", "${s}", "smtp.acme.net")\n`],
  ["http.go", (s) => `req.SetBasicAuth("svc", "${s}")\n`],
  [
    "flags.go",
    (s) => `var dbPassword = flag.String("db-password", "${s}", "password of the database")\n`,
  ],
  ["App/Login.swift", (s) => `let credentials = Credentials(user: "kiosk", password: "${s}")\n`],
  ["App/Conf.m", (s) => `#define kServerPassword @"${s}"\n`],
  ["App/Api.m", (s) => `static NSString *const apiPassword = @"${s}";\n`],
  ["sketch/wifi.ino", (s) => `const char* ssid = "acme-lab";\nconst char* password = "${s}";\n`],
  ["sketch/begin.ino", (s) => `  WiFi.begin("acme-lab", "${s}");\n`],
  [
    "src/conn.cpp",
    (s) => `mysql_real_connect(&con, "10.0.0.4", "shop", "${s}", "shop", 0, NULL, 0);\n`,
  ],
  ["src/main.rs", (s) => `let opts = PgConnectOptions::new().username("shop").password("${s}");\n`],
  [
    "config/prod.exs",
    (s) => `config :shop, Shop.Repo,\n  username: "shop",\n  password: "${s}",\n  hostname: "db"\n`,
  ],
  ["load.R", (s) => `con <- dbConnect(RPostgres::Postgres(), user = "shop", password = "${s}")\n`],
  ["import.pl", (s) => `my $dbh = DBI->connect("dbi:Pg:dbname=shop", "shop", "${s}");\n`],
  ["init.lua", (s) => `wifi.sta.config({ ssid = "acme-lab", pwd = "${s}" })\n`],
  ["Job.scala", (s) => `val props = Map("user" -> "shop", "password" -> "${s}")\n`],
  ["src/db.clj", (s) => `(def db {:dbtype "postgresql" :user "shop" :password "${s}"})\n`],
  [
    "Main.hs",
    (s) => `conn = defaultConnectInfo { connectUser = "shop", connectPassword = "${s}" }\n`,
  ],
  ["lib/main.dart", (s) => `await auth.signIn(email: "kiosk@acme.net", password: "${s}");\n`],
  ["deploy.groovy", (s) => `def nexusPassword = '${s}'\n`],
  ["Unit1.pas", (s) => `ADOConnection1.Password := '${s}';\n`],
  ["tool.tcl", (s) => `set password "${s}"\nspawn ssh admin@10.0.0.1\n`],
  ["login.exp", (s) => `expect "assword:"\nsend "${s}\\r"\n`],
  ["macro.bas", (s) => `ActiveSheet.Unprotect Password:="${s}"\n`],
  [
    "analysis.ipynb",
    (s) => `{"cells": [{"source": ["conn = connect(user='ro', password='${s}')\\n"]}]}\n`,
  ],
  [
    "pentaho.ktr",
    (s) =>
      `<connection>\n  <username>shop</username>\n  <password>${s}</password>\n</connection>\n`,
  ],
  ["dump.sql", (s) => `CREATE USER report WITH ENCRYPTED PASSWORD '${s}';\n`],
  ["my.sql", (s) => `GRANT ALL ON shop.* TO 'shop'@'%' IDENTIFIED BY '${s}';\n`],
  ["ora.sql", (s) => `ALTER USER system IDENTIFIED BY "${s}";\n`],
  ["ms.sql", (s) => `CREATE LOGIN svc WITH PASSWORD = N'${s}';\n`],
];

export const KEYS_IN_CODE: readonly Place[] = [
  [
    "src/aes.java",
    (s) => `SecretKeySpec spec = new SecretKeySpec("${s}".getBytes(UTF_8), "AES");\n`,
  ],
  ["src/api.js", (s) => `axios.defaults.headers.common['X-Api-Key'] = '${s}';\n`],
  [
    "src/weather.js",
    (s) => `fetch("https://api.weather.acme.net/v2?city=Bonn&appid=${s}&units=metric")\n`,
  ],
  ["src/pay.py", (s) => `acme_pay.api_key = "${s}"\n`],
  ["src/hmac.py", (s) => `sig = hmac.new(b"${s}", body, hashlib.sha256).hexdigest()\n`],
  ["src/flask.py", (s) => `app = Flask(__name__)\napp.config['SECRET_KEY'] = '${s}'\n`],
  ["src/flask2.py", (s) => `app.secret_key = b'${s}'\n`],
  ["src/django.py", (s) => `SECRET_KEY = 'django-insecure-${s}'\n`],
  ["src/oauth.rb", (s) => `provider :acme, "app-31", "${s}", scope: "email"\n`],
  ["config/secrets.yml", (s) => `production:\n  secret_key_base: ${s}\n`],
  ["config/initializers/token.rb", (s) => `Shop::Application.config.secret_token = '${s}'\n`],
  ["Keys.swift", (s) => `static let apiKey = "${s}"\n`],
  ["AppDelegate.m", (s) => `[Acme startWithApiKey:@"${s}"];\n`],
  ["AppDelegate2.swift", (s) => `AcmeSDK.initialize(clientKey: "${s}")\n`],
  ["App.kt", (s) => `const val CLIENT_SECRET = "${s}"\n`],
  ["Api.cs", (s) => `httpClient.DefaultRequestHeaders.Add("Ocp-Apim-Subscription-Key", "${s}");\n`],
  ["Jwt.cs", (s) => `var key = new SymmetricSecurityKey(Encoding.UTF8.GetBytes("${s}"));\n`],
  ["Startup.cs", (s) => `options.ClientId = "app-31";\noptions.ClientSecret = "${s}";\n`],
  ["main.go", (s) => `const apiToken = "${s}"\n`],
  ["hdr.go", (s) => `req.Header.Set("Authorization", "Bearer ${s}")\n`],
  ["hdr2.go", (s) => `req.Header.Add("X-Auth-Token", "${s}")\n`],
  ["hdr.php", (s) => `curl_setopt($ch, CURLOPT_HTTPHEADER, ['Authorization: Bearer ${s}']);\n`],
  ["salt.php", (s) => `define('AUTH_KEY',         '${s}');\n`],
  ["tok.rs", (s) => `static ACCESS_TOKEN: &str = "${s}";\n`],
  ["cfg.lua", (s) => `local api_key = "${s}"\n`],
  ["env.R", (s) => `Sys.setenv(ACME_API_KEY = "${s}")\n`],
  ["os.py", (s) => `os.environ["ACME_TOKEN"] = "${s}"\n`],
  ["default.py", (s) => `token = os.getenv("ACME_TOKEN", "${s}")\n`],
  [
    "webpack.js",
    (s) => `new webpack.DefinePlugin({ 'process.env.API_TOKEN': JSON.stringify('${s}') })\n`,
  ],
  [
    "bundle.min.js",
    (s) => `var n={baseURL:"https://api.acme.net",apiKey:"${s}",v:2};function t(e){return e+1}\n`,
  ],
];
